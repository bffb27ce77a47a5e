"""What templates of the workbench ask for: fields of forms."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.inclusion_tag("workbench/field.html")
def field(bound: BoundField, label: str = "", help: str = "", **attributes: Any) -> dict[str, Any]:
    """A field with its label, help and errors, each tied to the control for assistive technology.

    `label` and `help` stand for the form's own; further attributes go to the control (`autocomplete="off"`, with _ for -).
    """
    told = help or str(bound.help_text)
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
