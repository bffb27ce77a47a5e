"""Fields of the register's forms: each takes what people type (in any digits, any way to write a day, an amount in toman or millions) and
gives what the record keeps. What cannot be read is said in the page's language, with what was found.

What the server reads counts; scripts only help while typing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.utils import flatatt
from django.utils.functional import keep_lazy
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.persian import dates, figures, money
from rasad.persian.digits import DECIMAL, to_persian
from rasad.records.audited import Audited
from rasad.records.labels import CHOICES, labelled
from rasad.records.tables import BY_MODEL
from rasad.web.theme import show
from rasad.web.workbench import days, frame, labels, naming

NEEDED = {"required": gettext_lazy("Fill this in.")}
LONGEST_NAME = 400
"""Characters of a name that is looked for: no record's key or name has more."""
LARGEST = {
    "PositiveSmallIntegerField": 32_767,
    "PositiveIntegerField": 2_147_483_647,
    "BigIntegerField": 10**18 - 1,
}


def in_digits(text: str) -> str:
    """Return a text with the page's digits."""
    return show.digits_of(text, frame.lang())


@keep_lazy(SafeString)
def coded(text: Any) -> SafeString:
    """Return a help text in which what stands between backticks is code, written from left to right."""
    parts = str(text).split("`")
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<code dir="ltr">{}</code>', part) if at % 2 else part,)
            for at, part in enumerate(parts)
        ),
    )


class TextField(forms.CharField):
    """A line of text."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**{"error_messages": NEEDED, **values})


class ChoiceField(forms.ChoiceField):
    """One of a few things, each by its name."""

    def __init__(self, **values: Any) -> None:
        said = {**NEEDED, "invalid_choice": gettext_lazy("“%(value)s” is none of the choices.")}
        super().__init__(error_messages=said, **values)


class DayField(forms.Field):
    """A day, in any way to write one in the city's calendar, or as an ISO date."""

    def __init__(self, **values: Any) -> None:
        attrs = {"data-day": "", "autocomplete": "off", "class": "day"}
        super().__init__(widget=forms.TextInput(attrs=attrs), error_messages=NEEDED, **values)

    def to_python(self, value: Any) -> date | None:
        """Return the day. ValidationError where the text is none."""
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return days.parse_day(text)
        except dates.DateError as error:
            raise ValidationError(_day_wrong(error), code="day") from None

    def prepare_value(self, value: Any) -> Any:
        """Return a day as it stands in the form."""
        if not isinstance(value, date):
            return value
        return dates.format_date(value, calendar=days.calendar(), lang=frame.lang())


def _day_wrong(error: dates.DateError) -> str:
    example = dates.format_date(date(2024, 8, 2), calendar=days.calendar(), lang=frame.lang())
    said = {
        "year": _("“%(found)s”: this year is not one of the calendar's; write the day as %(example)s."),
        "month": _("“%(found)s”: a year has twelve months; write the day as %(example)s."),
        "day": _("“%(found)s”: this month has no such day."),
        "leap_day": _("“%(found)s”: this year has no leap day."),
    }.get(error.reason, _("“%(found)s” is no day; write it as %(example)s."))
    return said % {"found": error.text[:40], "example": example}


class FigureField(forms.Field):
    """A figure with at most `places` decimals, not below nought unless `signed`, at most `most`."""

    def __init__(
        self, *, places: int = 6, most: Decimal | int | None = None, signed: bool = False, **values: Any
    ) -> None:
        self.places, self.most, self.signed = places, most, signed
        widget = values.pop("widget", None) or forms.TextInput(
            attrs={
                "inputmode": "decimal" if places else "numeric",
                "data-figure": "",
                "class": "figure-input",
            }
        )
        super().__init__(widget=widget, error_messages=NEEDED, **values)

    def to_python(self, value: Any) -> Any:
        """Return the figure. ValidationError where the text is none, or out of range."""
        text = str(value or "").strip().removesuffix("٪").removesuffix("%").strip()
        if not text:
            return None
        found = read_figure(text, self.places)
        if found < 0 and not self.signed:
            raise ValidationError(
                _("“%(found)s” is less than nought.") % {"found": text[:40]}, code="negative"
            )
        if self.most is not None and abs(found) > self.most:
            most = write_figure(Decimal(self.most))
            raise ValidationError(
                _("“%(found)s” is too large; at most %(most)s.") % {"found": text[:40], "most": most},
                code="large",
            )
        return found if self.places else int(found)

    def prepare_value(self, value: Any) -> Any:
        """Return a figure as it stands in the form."""
        return write_figure(Decimal(value)) if isinstance(value, int | Decimal) else value


class YearField(FigureField):
    """A fiscal year: a whole number that is not written in groups."""

    def __init__(self, **values: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        super().__init__(places=0, most=9_999, widget=widget, **values)

    def prepare_value(self, value: Any) -> Any:
        """Return a year as it stands in the form."""
        return in_digits(str(value)) if isinstance(value, int) else value


def read_figure(text: str, places: int) -> Decimal:
    """Return the figure that a text writes. ValidationError where it writes none."""
    try:
        return figures.parse_decimal(text, places=places)
    except figures.FigureError as error:
        if error.reason == "decimals":
            said = (
                _("“%(found)s” has more decimals than %(places)s.")
                if places
                else _("“%(found)s” is no whole number.")
            )
        elif error.reason == "large":
            said = _("“%(found)s” is too large.")
        else:
            said = _("“%(found)s” is no figure; write it as %(example)s.")
        example = write_figure(Decimal("12345.5" if places else "12345"))
        told = {"found": text[:40], "places": in_digits(str(places)), "example": example}
        raise ValidationError(said % told, code=error.reason) from None


def write_figure(value: Decimal) -> str:
    """Return a figure in the page's digits, grouped."""
    text = f"{value.normalize():,f}"
    return to_persian(text.replace(",", "٬").replace(".", DECIMAL)) if labels.fa() else text


class PercentField(FigureField):
    """A share in percent with at most two decimals, kept in basis points."""

    def __init__(self, **values: Any) -> None:
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "data-percent": "", "class": "percent-input", "dir": "ltr"}
        )
        super().__init__(places=2, most=100, widget=widget, **values)

    def to_python(self, value: Any) -> int | None:
        """Return the share in basis points."""
        found = super().to_python(value)
        return None if found is None else int(found * 100)

    def prepare_value(self, value: Any) -> Any:
        """Return basis points as percent."""
        return write_figure(Decimal(value) / 100) if isinstance(value, int) else value


class AmountInput(forms.TextInput):
    """An amount and the unit that it is told in; below it the exact amount in words."""

    UNIT = "_unit"

    def __init__(self) -> None:
        super().__init__(
            attrs={"inputmode": "decimal", "autocomplete": "off", "dir": "ltr", "class": "amount"}
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return (text, unit); None where nothing was sent."""
        if name not in data:
            return None
        return (data.get(name, ""), data.get(name + self.UNIT) or "full")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return whether nothing was sent."""
        return name not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Write the field, the choice of its unit, and the words of what stands in it."""
        text, unit = value if isinstance(value, tuple | list) else (value or "", "full")
        currency = currency_of_city()
        told = self.build_attrs(self.attrs, {"type": "text", "name": name, "value": text, **(attrs or {})})
        options = format_html_join(
            "",
            '<option value="{}" data-factor="{}"{}>{}</option>',
            (
                (
                    one,
                    str(money.factor(one, currency)),
                    SafeString(" selected" if one == unit else ""),
                    unit_label(one),
                )
                for one in amount_units(currency)
            ),
        )
        try:
            exact = read_amount(text, unit) if text else None
        except ValidationError:
            exact = None
        return format_html(
            '<span class="amount-input" data-amount data-currency="{}" data-places="{}"><input{}>'
            '<select name="{}" aria-label="{}">{}</select></span>'
            '<output class="amount-words" for="{}" data-words>{}</output>',
            currency,
            money.minor_digits(currency),
            flatatt({key: one for key, one in told.items() if one is not False}),
            name + self.UNIT,
            _("unit of the amount"),
            options,
            told.get("id", ""),
            in_words(exact) if exact is not None else "",
        )


def currency_of_city() -> str:
    """Return the currency of the city's amounts."""
    return str(frame.city().get("currency", "IRR"))


def amount_units(currency: str) -> tuple[money.Unit, ...]:
    """Return the units in which a form takes amounts."""
    toman: tuple[money.Unit, ...] = ("toman", "million_toman", "billion_toman") if currency == "IRR" else ()
    return ("full", "million", "billion", *toman)


def unit_label(unit: str) -> str:
    """Return the name of a unit."""
    return show.unit_name(unit, currency_of_city(), frame.lang())


def in_words(amount: int) -> str:
    """Return an exact amount in digits and in words; in toman too where it is in rials."""
    currency, lang = currency_of_city(), frame.lang()
    exact = show.full_amount(amount, currency, lang)
    try:
        return f"{exact}: {money.in_words(amount, currency, lang)}"
    except ValueError:
        return exact


def read_amount(text: str, unit: str) -> int:
    """Return the amount, in the currency's smallest unit, that a text in a unit writes. ValidationError where it writes none."""
    currency = currency_of_city()
    if unit not in amount_units(currency):
        raise ValidationError(_("“%(found)s” is none of the choices.") % {"found": unit[:40]}, code="unit")
    one = money.factor(unit, currency)
    value = read_figure(text, places=len(str(one)) - 1) * one
    if value != int(value):
        raise ValidationError(
            _("“%(found)s” is less than the smallest coin.") % {"found": text[:40]}, code="decimals"
        )
    if value.adjusted() >= figures.MAX_DIGITS:
        raise ValidationError(_("“%(found)s” is too large.") % {"found": text[:40]}, code="large")
    return int(value)


class AmountField(forms.Field):
    """An amount, told in one of the currency's units, kept in its smallest."""

    def __init__(self, **values: Any) -> None:
        super().__init__(widget=AmountInput(), error_messages=NEEDED, **values)

    def to_python(self, value: Any) -> int | None:
        """Return the amount. ValidationError where the text is none."""
        text, unit = value if isinstance(value, tuple | list) else (value, "full")
        if not str(text or "").strip():
            return None
        amount = read_amount(str(text), unit)
        if amount < 0:
            raise ValidationError(
                _("“%(found)s” is less than nought.") % {"found": text[:40]}, code="negative"
            )
        return amount

    def validate(self, value: Any) -> None:
        """Refuse nothing where something is needed."""
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def prepare_value(self, value: Any) -> Any:
        """Return an amount as it stands in the form: whole, in the currency itself."""
        if not isinstance(value, int):
            return value
        return write_figure(Decimal(value).scaleb(-money.minor_digits(currency_of_city()))), "full"


class NamedField(forms.Field):
    """Another record, named by its key or its name; the browser offers those that fit what was typed so far."""

    def __init__(self, *, model: type[Audited], **values: Any) -> None:
        self.model = model
        noun = BY_MODEL[model.__name__].name
        attrs = {"data-named": noun, "autocomplete": "off", "maxlength": LONGEST_NAME}
        super().__init__(widget=forms.TextInput(attrs=attrs), error_messages=NEEDED, **values)

    def to_python(self, value: Any) -> Audited | None:
        """Return the record. ValidationError, with those that come near, where none or several are meant."""
        text = str(value or "").strip()
        if not text:
            return None
        within = len(text) <= LONGEST_NAME
        if within and (found := naming.find(self.model, text)) is not None:
            return found
        noun = labels.noun(self.model.__name__.lower())
        told = {"found": text[:60], "noun": noun}
        some = "، " if labels.fa() else ", "
        if offered := [naming.called(one) for one in (naming.near(self.model, text)[:4] if within else [])]:
            told["near"] = some.join(offered)
            raise ValidationError(
                _("“%(found)s” does not name one (%(noun)s); is it one of these? %(near)s") % told,
                code="named",
            )
        raise ValidationError(
            _("There is no “%(found)s” (%(noun)s): write its code or its whole name.") % told, code="named"
        )

    def prepare_value(self, value: Any) -> Any:
        """Return a record as it stands in the form."""
        return naming.called(value) if isinstance(value, Audited) else value


def field_of(
    model: type[Audited], name: str, *, required: bool | None = None, label: Any = "", help: Any = ""
) -> forms.Field:
    """Return the form's field for a record's field."""
    kept = model._meta.get_field(name)
    assert isinstance(kept, models.Field)
    column = BY_MODEL[model.__name__].table.column(name)
    needed = (
        required
        if required is not None
        else not (kept.blank or kept.null or isinstance(kept, models.BooleanField))
    )
    told: dict[str, Any] = {
        "label": label or titled_column(model, name),
        "required": needed,
        "help_text": help,
    }
    if kept.has_default() and not isinstance(kept, models.BooleanField):
        told["initial"] = kept.get_default()
    if isinstance(kept, models.ForeignKey):
        target = kept.related_model
        assert isinstance(target, type)
        assert issubclass(target, Audited)
        return NamedField(model=target, **told)
    if (model.__name__, name) in CHOICES:
        blank = [] if needed and kept.has_default() else [("", "—" if not needed else _("choose …"))]
        return ChoiceField(choices=[*blank, *labelled(model.__name__, name)], **told)
    if isinstance(kept, models.BooleanField):
        return forms.BooleanField(**{**told, "required": False})
    if isinstance(kept, models.DateField):
        return DayField(**told)
    if column.type == "money":
        return AmountField(**told)
    if name.endswith("_bp"):
        return PercentField(**told)
    if isinstance(kept, models.DecimalField):
        most = Decimal(10) ** (kept.max_digits - kept.decimal_places) - 1
        return FigureField(
            places=kept.decimal_places, most=most, signed=name not in ("trips", "elapsed_days"), **told
        )
    if isinstance(kept, models.IntegerField):
        return FigureField(places=0, most=LARGEST[kept.get_internal_type()], **told)
    if isinstance(kept, models.TextField):
        return TextField(widget=forms.Textarea(attrs={"rows": 4}), **told)
    return TextField(max_length=kept.max_length, **told)


def titled_column(model: type[Audited], name: str) -> str:
    """Return what a column is called beside a field: the tables name records by their code, a form by whatever is known of them."""
    title = labels.field(model.__name__.lower(), name)
    return (
        _TITLES.get(name, title)
        if name in _TITLES
        else title.replace(" (ده‌هزارم)", "").replace(" (basis points)", "")
    )


def _n(message: str) -> str:
    """Mark a text for the catalogues."""
    return message


_TITLES: dict[str, Any] = {
    "unit": gettext_lazy("Unit"),
    "parent": gettext_lazy("Below"),
    "resolution": gettext_lazy("Resolution"),
    "institution": gettext_lazy("Institution"),
    "goal": gettext_lazy("Goal"),
    "service": gettext_lazy("Service"),
    "indicator": gettext_lazy("Indicator"),
    "project": gettext_lazy("Project"),
}
