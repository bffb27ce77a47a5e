"""What templates of the workbench ask for: fields of forms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from rasad.web.theme import show
from rasad.web.theme.parts import Field
from rasad.web.workbench import frame

register = template.Library()


@register.inclusion_tag("workbench/field.html")
def field(bound: BoundField, label: str = "", help: str = "", **attributes: Any) -> dict[str, Any]:
    """A field with its label, help and errors, each tied to the control for assistive technology.

    `label` and `help` stand for the form's own; further attributes go to the control (`autocomplete="off"`, with _ for -).
    """
    # What is safe as HTML stays so.
    told = help or conditional_escape(bound.help_text)
    described = [f"{bound.auto_id}-help"] if told else []
    described += [f"{bound.auto_id}-wrong"] if bound.errors else []
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    # The label says what the field is; a placeholder would only say it again.
    bound.field.widget.attrs.pop("placeholder", None)
    return {
        "bound": bound,
        "label": label or bound.label,
        "help": told,
        "control": _control(bound, attrs),
        "tick": getattr(bound.field.widget, "input_type", "") == "checkbox",
    }


def _control(bound: BoundField, attrs: dict[str, Any]) -> SafeString:
    html: SafeString = bound.as_widget(attrs=attrs)
    return html


@register.filter
def offered(choices: Iterable[tuple[str, str]]) -> SafeString:
    """The entries of a list that a field offers: code and name of each."""
    return format_html_join("", '<option value="{} {}"></option>', choices)


@register.inclusion_tag("theme/filter_fields.html")
def filter_fields(fields: Sequence[Field]) -> dict[str, Any]:
    """The fields of a filter form, where the form itself holds more."""
    return {"fields": fields}


@register.filter
def bp_percent(share: int) -> str:
    """Return basis points as percent, with decimals only where there are any."""
    return show.percent(share / 10_000, frame.lang(), 2 if share % 100 else 0)


@register.filter
def cut_words(text: str) -> list[str]:
    """Return the words of a text: a short list that a template states."""
    return text.split()


@register.filter
def item(values: Mapping[str, str], name: str) -> str:
    """Return what stands under a name, "" where nothing does."""
    return values.get(name, "")


@register.simple_tag
def cell(bound: BoundField, row: int) -> SafeString:
    """A field within a row of a table: its head is its label, said with the number of the row; what is wrong stands below."""
    attrs: dict[str, Any] = {"aria-label": f"{bound.label} {show.digits_of(row, frame.lang())}"}
    if bound.errors:
        attrs |= {"aria-describedby": f"{bound.auto_id}-wrong", "aria-invalid": "true"}
    html = _control(bound, attrs)
    if not bound.errors:
        return html
    return format_html(
        '{}<p class="form-error" id="{}-wrong">{}</p>', html, bound.auto_id, " ".join(map(str, bound.errors))
    )


@register.simple_tag
def row_name(names: list[str], number: int) -> str:
    """The record that a row of a set stands for."""
    return names[number] if number < len(names) else ""


@register.inclusion_tag("workbench/mapping_field.html")
def mapping_field(bound: BoundField, **attributes: Any) -> dict[str, Any]:
    """A field of a proposed mapping: like `field`, with what is doubtful about the proposal beside it."""
    return {**field(bound, **attributes), "doubts": getattr(bound.field, "doubts", [])}
