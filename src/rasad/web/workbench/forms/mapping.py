"""The form in which a mapping is put right: what each column means, how figures and dates are written, where the year comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.ledger.mapping import fillable, runs
from rasad.ledger.reassign import CONTRACT, FileColumn, lacking, meanings_of, reassigned
from rasad.ledger.schema import STAGES, TABLES
from rasad.persian.digits import to_latin
from rasad.web.theme import labels as names
from rasad.web.workbench.labels import fa

STYLES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "comma": (".", (",",), "1,234,567.89"),
    "point": (",", (".",), "1.234.567,89"),
    "space": (".", (" ",), "1 234 567.89"),
    "space-comma": (",", (" ",), "1 234 567,89"),
    "quote": (".", ("'",), "1'234'567.89"),
    "slash": (".", ("/",), "1/234/567.89"),
    "comma-slash": ("/", (",",), "1,234,567/89"),
    "plain-slash": ("/", (), "1234567/89"),
    "plain": (".", (), "1234567.89"),
    "plain-comma": (",", (), "1234567,89"),
}
"""How figures are written: the decimal mark, what parts thousands, an example. Persian ٬ and ٫ are understood besides."""
AS_NOW = "as-now"
YEARS_FROM = {
    "date": gettext_lazy("the date of the row"),
    "column": gettext_lazy("a column of the file"),
    "path": gettext_lazy("the file's name"),
    "parameter": gettext_lazy("said at each loading"),
    "value": gettext_lazy("always the same"),
}
SCALE_NAMES = {
    "rial": gettext_lazy("rial"),
    "toman": gettext_lazy("toman"),
    "thousand_rial": gettext_lazy("thousand rial"),
    "million_rial": gettext_lazy("million rial"),
    "billion_rial": gettext_lazy("billion rial"),
    "unit": gettext_lazy("as written"),
    "thousand": gettext_lazy("thousands"),
    "million": gettext_lazy("millions"),
}
NEGATIVE_NAMES = {
    "leading": gettext_lazy("a sign before it: -125"),
    "trailing": gettext_lazy("a sign behind it: 125-"),
    "parentheses": gettext_lazy("parentheses: (125)"),
}
ORDER_NAMES = {
    "ymd": gettext_lazy("year, month, day"),
    "dmy": gettext_lazy("day, month, year"),
    "mdy": gettext_lazy("month, day, year"),
}
SOURCE_ID = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def meaning_name(meaning: str, table: str) -> str:
    """Return what a meaning is called in the page's language."""
    kind, _colon, rest = meaning.partition(":")
    if kind == "column":
        column = TABLES[table].column(rest)
        return column.fa if fa() else column.en.capitalize()
    if kind == "amount":
        stage, _colon, flow = rest.partition(":")
        name = (
            _("Amount of the contract")
            if stage == CONTRACT
            else _("Amount: %(stage)s") % {"stage": names.label(names.STAGES, stage)}
        )
        return f"{name} ({names.label(names.FLOWS, flow)})" if flow else str(name)
    return _("Subtracted from the amount") if kind == "minus" else _("Fiscal year")


def meaning_choices(table: str, also: Sequence[str]) -> list[Any]:
    """Return what a column may mean, in groups; `also` are meanings that the mapping has besides the common ones."""
    amounts = [f"amount:{CONTRACT}"] if table == "contract" else [f"amount:{stage}" for stage in STAGES]
    amounts += [one for one in also if one.startswith("amount:") and one not in amounts]
    columns = [f"column:{name}" for name in fillable(table)]
    group = lambda some: [(one, meaning_name(one, table)) for one in some]  # noqa: E731
    return [
        ("", _("nothing: kept beside the line")),
        (_("Amounts, by stage"), group([*amounts, "minus"])),
        (_("What the row says"), group([*columns, "fiscal_year"])),
    ]


def initial_of(data: Dictionary[str, Any], columns: Sequence[FileColumn]) -> dict[str, Any]:
    """Return the fields' values for a mapping. Columns that mean several things have the further ones in d0, d1, …"""
    numbers, dates, year = data.get("numbers", {}), data.get("dates", {}), data.get("fiscal_year", {})
    decimal, thousands = numbers.get("decimal", "."), tuple(numbers.get("thousands", (",",)))
    told: dict[str, Any] = {
        "id": data.get("id", ""),
        "title_fa": data.get("title_fa", ""),
        "title_en": data.get("title_en", ""),
        "table": data.get("table", "line"),
        "book": data.get("book", ""),
        "flow": data.get("constants", {}).get("flow", "expense"),
        "decimal": next((key for key, one in STYLES.items() if one[:2] == (decimal, thousands)), AS_NOW),
        "negative": list(numbers.get("negative", ("leading",))),
        "scale": numbers.get("scale", "unit"),
        "currency": numbers.get("currency", "IRR"),
        "minor_digits": numbers.get("minor_digits", 0),
        "empty": " ".join(numbers.get("empty", ())),
        "invert": numbers.get("invert", False),
        "calendar": dates.get("calendar", "jalali"),
        "order": dates.get("order", "dmy"),
        "pivot": dates.get("pivot"),
        "year_from": year.get("from", "parameter"),
        "year": year.get("value"),
        "year_pattern": year.get("pattern", "") if year.get("from") == "path" else "",
        "first_month": year.get("first_month", 1),
        "trees": bool(data.get("trees")),
        "identity": " ".join(data.get("identity", {}).get("columns", ())),
        "person_names": "\n".join(data.get("persons", {}).get("name_patterns", ())),
        "person_ids": "\n".join(data.get("persons", {}).get("id_patterns", ())),
    }
    for number, meant in enumerate(meanings_of(data, columns)):
        told[f"c{number}"] = meant[0] if meant else ""
        for place, further in enumerate(meant[1:]):
            told[f"d{number}_{place}"] = further
    for number, (_meaning, _name, optional) in enumerate(lacking(data, columns)):
        told[f"lack{number}"] = optional
    return told


class Meanings(forms.Select):
    """A list of meanings. A file has dozens of columns with dozens of meanings each: written by plain Python, many times as fast as by templates."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the select as HTML."""
        chosen = "" if value is None else str(value)
        written = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        parts = [f"<select{written}>"]
        for group, some in self.choices:
            options = some if isinstance(some, list | tuple) else [(group, some)]
            inner = "".join(
                f'<option value="{escape(code)}"{" selected" if str(code) == chosen else ""}>{escape(label)}</option>'
                for code, label in options
            )
            parts.append(
                f'<optgroup label="{escape(group)}">{inner}</optgroup>' if options is some else inner
            )
        return mark_safe("".join([*parts, "</select>"]))  # noqa: S308 - escaped above


class MappingForm(forms.Form):
    """A mapping over the columns of one file. `data_now` is the mapping as it is; `fixed` where it is of a source that is there."""

    id = forms.CharField(label=gettext_lazy("Name of the source"), max_length=60)
    title_fa = forms.CharField(label=gettext_lazy("Title in Persian"), max_length=120, required=False)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120, required=False)
    table = forms.ChoiceField(label=gettext_lazy("A row is"))
    book = forms.ChoiceField(label=gettext_lazy("Book"), required=False)
    flow = forms.ChoiceField(label=gettext_lazy("Money that"))
    decimal = forms.ChoiceField(label=gettext_lazy("Figures are written like"))
    scale = forms.ChoiceField(label=gettext_lazy("Unit of the figures"))
    negative = forms.MultipleChoiceField(
        label=gettext_lazy("Negative figures have"), widget=forms.CheckboxSelectMultiple, required=False
    )
    currency = forms.RegexField(r"^[A-Z]{3}$", label=gettext_lazy("Currency"))
    minor_digits = forms.IntegerField(
        label=gettext_lazy("Decimals of the currency"), min_value=0, max_value=4
    )
    empty = forms.CharField(label=gettext_lazy("What stands for no amount"), max_length=60, required=False)
    invert = forms.BooleanField(label=gettext_lazy("Spending is written with a minus sign"), required=False)
    calendar = forms.ChoiceField(label=gettext_lazy("Calendar of the dates"))
    order = forms.ChoiceField(label=gettext_lazy("Order of Gregorian dates"))
    pivot = forms.IntegerField(
        label=gettext_lazy("Years of two digits begin with"), min_value=1200, max_value=2100, required=False
    )
    year_from = forms.ChoiceField(label=gettext_lazy("The fiscal year comes from"))
    year = forms.CharField(label=gettext_lazy("Fiscal year of this file"), max_length=6, required=False)
    year_pattern = forms.CharField(label=gettext_lazy("Pattern of the year in the name"), required=False)
    first_month = forms.IntegerField(
        label=gettext_lazy("A fiscal year begins in month"), min_value=1, max_value=12
    )
    trees = forms.BooleanField(
        label=gettext_lazy("Codes hold one another: only the leaves are counted"), required=False
    )
    identity = forms.ChoiceField(
        label=gettext_lazy("What tells one row from another in a newer export"), required=False
    )
    person_names = forms.CharField(
        label=gettext_lazy("Names of natural persons, one pattern a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    person_ids = forms.CharField(
        label=gettext_lazy("Ids of natural persons, one pattern a line"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    spare_column = forms.ChoiceField(label=gettext_lazy("A column"), required=False)
    spare_meaning = forms.ChoiceField(label=gettext_lazy("also means"), required=False, widget=Meanings)

    def __init__(
        self,
        *args: Any,
        data_now: Dictionary[str, Any],
        columns: Sequence[FileColumn],
        fixed: bool,
        taken: frozenset[str],
        year: str = "",
        **values: Any,
    ) -> None:
        initial = initial_of(data_now, columns)
        initial["year"] = year or initial["year"] or ""
        super().__init__(*args, **{**values, "initial": initial})
        self.now, self.columns, self.fixed, self.taken = data_now, list(columns), fixed, taken
        self.table_now = (
            str(self.data.get("table") or initial["table"]) if self.is_bound else initial["table"]
        )
        if self.table_now not in ("line", "contract"):
            self.table_now = "line"
        self.meant = meanings_of(data_now, columns)
        self.lacking = lacking(data_now, columns)
        self._set_choices(initial)
        self._add_columns(initial)
        if fixed:
            self.fields["id"].disabled = True

    def _set_choices(self, initial: dict[str, Any]) -> None:
        style = [(key, example) for key, (_decimal, _thousands, example) in STYLES.items()]
        if initial["decimal"] == AS_NOW:
            style.append((AS_NOW, _("as the mapping has it now")))
        rials = initial["currency"] == "IRR"
        scales = [
            (key, name)
            for key, name in SCALE_NAMES.items()
            if key == initial["scale"] or (("rial" in key or key == "toman") == rials)
        ]
        choices: dict[str, list[Any]] = {
            "table": [("line", _("a line: money at a stage")), ("contract", _("a contract"))],
            "book": [("", _("found from the stages")), *names.BOOKS.items()],
            "flow": [("expense", _("is spent")), ("revenue", _("comes in"))],
            "decimal": style,
            "scale": scales,
            "negative": list(NEGATIVE_NAMES.items()),
            "calendar": [("jalali", _("Jalali")), ("gregorian", _("Gregorian"))],
            "order": list(ORDER_NAMES.items()),
            "year_from": list(YEARS_FROM.items()),
            "identity": self._identities(initial["identity"]),
            "spare_column": [("", "—"), *((str(n), self.name_of(n)) for n in range(len(self.columns)))],
            "spare_meaning": meaning_choices(self.table_now, self._further()),
        }
        for name, some in choices.items():
            self.fields[name].choices = some  # type: ignore[attr-defined]

    def _identities(self, now: str) -> list[Any]:
        columns = [
            name for name in fillable(self.table_now) if name.endswith(("_no", "_code")) or name == "title"
        ]
        some = [(name, meaning_name(f"column:{name}", self.table_now)) for name in columns]
        if now and now not in columns:
            told = (
                meaning_name(f"column:{name}", self.table_now)
                for name in now.split()
                if name in fillable(self.table_now)
            )
            some.append((now, " + ".join(told)))
        return [("", _("no column")), *some]

    def _further(self) -> list[str]:
        return [meaning for meant in self.meant for meaning in meant]

    def _add_columns(self, initial: dict[str, Any]) -> None:
        choices = meaning_choices(self.table_now, self._further())
        wrong = {"invalid_choice": _("This is no column of what a row is. Choose again.")}
        for number in range(len(self.columns)):
            names_of = [f"c{number}"] + [name for name in initial if name.startswith(f"d{number}_")]
            for name in names_of:
                self.fields[name] = forms.ChoiceField(
                    label=self.name_of(number),
                    choices=choices,
                    required=False,
                    error_messages=wrong,
                    widget=Meanings,
                )
        for number, (meaning, name, _optional) in enumerate(self.lacking):
            self.fields[f"lack{number}"] = forms.BooleanField(
                label=f"{meaning_name(meaning, self.table_now) if _known(meaning, self.table_now) else meaning}: {name}",
                required=False,
            )

    def name_of(self, number: int) -> str:
        """Return what a column of the file is called: its header, or its number."""
        column = self.columns[number]
        return column.header or _("Column %(number)s") % {"number": column.position}

    def clean_id(self) -> str:
        """Refuse a name that is none, or that another source has."""
        name = str(self.cleaned_data["id"]).strip()
        if not SOURCE_ID.fullmatch(name):
            raise forms.ValidationError(
                _(
                    "“%(found)s” is no name of a source; expected small Latin letters with a full stop, as in %(example)s."
                )
                % {"found": name, "example": "karaj.payments"}
            )
        if not self.fixed and name in self.taken:
            raise forms.ValidationError(_("There is a source of this name already."))
        return name

    def clean_year(self) -> str:
        """Refuse what is no year; digits may be Persian."""
        text = to_latin(str(self.cleaned_data["year"])).strip()
        if text and not re.fullmatch("[0-9]{4}", text):
            raise forms.ValidationError(
                _("“%(found)s” is no year; expected four digits, as in %(example)s.")
                % {"found": text, "example": "1403"}
            )
        return text

    def clean_year_pattern(self) -> str:
        """Refuse a pattern that is none, or has no group for the year."""
        text = str(self.cleaned_data["year_pattern"]).strip()
        if text:
            _check_patterns([text])
            if re.compile(text).groups < 1:
                raise forms.ValidationError(_("The pattern needs a group in parentheses that is the year."))
        return text

    def clean_person_names(self) -> list[str]:
        """Return the patterns; refuse one that is none."""
        return _check_patterns(self.cleaned_data["person_names"].splitlines())

    def clean_person_ids(self) -> list[str]:
        """Return the patterns; refuse one that is none."""
        return _check_patterns(self.cleaned_data["person_ids"].splitlines())

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot stand together: a meaning twice, no amount, a year from what is not there."""
        told = super().clean() or {}
        self.chosen = self._chosen(told)
        first: dict[str, int] = {}
        for number, meant in enumerate(self.chosen):
            for meaning in meant:
                if meaning in first:
                    self.add_error(
                        f"c{number}",
                        _("“%(other)s” means the same already.") % {"other": self.name_of(first[meaning])},
                    )
                first.setdefault(meaning, number)
        lacking_too = {meaning for meaning, *_rest in self.lacking}
        amounts = [one for one in (*first, *lacking_too) if one.startswith("amount:")]
        if not amounts:
            self.add_error(None, _("No column is an amount: say which one is, and at which stage."))
        if "minus" in first and len(amounts) != 1:
            self.add_error(
                f"c{first['minus']}", _("What is subtracted needs exactly one amount to subtract it from.")
            )
        self._check_year(told, {*first, *lacking_too})
        if told.get("trees") and "column:tree_code" not in {*first, *lacking_too}:
            self.add_error("trees", _("Say which column has the codes of the tree."))
        if told.get("table") == "contract" and "column:contract_no" not in {*first, *lacking_too}:
            self.add_error(None, _("No column is the contract's number, by which a contract is known."))
        return told

    def _check_year(self, told: dict[str, Any], meant: set[str]) -> None:
        source = told.get("year_from")
        if source == "date" and "column:date" not in meant:
            self.add_error("year_from", _("No column is the date of the row."))
        if source == "column" and "fiscal_year" not in meant:
            self.add_error("year_from", _("No column is the fiscal year."))
        if source == "path" and not told.get("year_pattern"):
            self.add_error("year_pattern", _("Say where in the name the year stands."))
        if source == "value" and not told.get("year"):
            self.add_error("year", _("Say the year."))

    def _chosen(self, told: dict[str, Any]) -> list[list[str]]:
        chosen = []
        for number in range(len(self.columns)):
            names_of = [f"c{number}"] + [name for name in self.fields if name.startswith(f"d{number}_")]
            chosen.append(list(dict.fromkeys(told[name] for name in names_of if told.get(name))))
        if told.get("spare_column") and told.get("spare_meaning"):
            chosen[int(told["spare_column"])].append(told["spare_meaning"])
        return chosen

    def mapping_data(self) -> dict[str, Any]:
        """Return the mapping as the form says it; what the form does not speak of stays as it was."""
        told = self.cleaned_data
        optional = frozenset(
            meaning for number, (meaning, *_rest) in enumerate(self.lacking) if told.get(f"lack{number}")
        )
        data = reassigned(self.now, self.columns, self.chosen, optional)
        data["id"], data["table"] = told["id"], told["table"]
        for name in ("title_fa", "title_en", "book"):
            _put(data, name, told[name])
        data["numbers"] = self._numbers(told)
        data["dates"] = _dates(deepcopy(dict(data.get("dates", {}))), told)
        data["fiscal_year"] = _year(dict(data.get("fiscal_year", {})), told)
        if told["table"] == "line":
            data["constants"] = {**data.get("constants", {}), "flow": told["flow"]}
        else:
            data.pop("constants", None)
        if not told["trees"]:
            data.pop("trees", None)
        _put(data, "identity", {"columns": told["identity"].split()} if told["identity"] else None)
        persons = {"name_patterns": told["person_names"], "id_patterns": told["person_ids"]}
        _put(data, "persons", {name: some for name, some in persons.items() if some})
        return data

    def _numbers(self, told: dict[str, Any]) -> dict[str, Any]:
        numbers = dict(self.now.get("numbers", {}))
        if told["decimal"] != AS_NOW:
            decimal, thousands, _example = STYLES[told["decimal"]]
            numbers["decimal"], numbers["thousands"] = decimal, list(thousands)
        numbers["negative"] = told["negative"]
        for name in ("scale", "currency", "minor_digits", "invert"):
            numbers[name] = told[name]
        numbers["empty"] = told["empty"].split()
        return numbers


def _dates(dates: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    dates["calendar"] = told["calendar"]
    if told["calendar"] == "gregorian":
        dates["order"] = told["order"]
    _put(dates, "pivot", told["pivot"])
    return dates


def _year(year: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    source = told["year_from"]
    if source == "column":
        return {**year, "from": "column"}
    said: dict[str, Any] = {"from": source}
    if source == "value":
        said["value"] = int(told["year"])
    if source == "path":
        said["pattern"] = told["year_pattern"]
    if source == "date" and told["first_month"] != 1:
        said["first_month"] = told["first_month"]
    return said


def _put(data: dict[str, Any], name: str, value: Any) -> None:
    if value:
        data[name] = value
    else:
        data.pop(name, None)


def _known(meaning: str, table: str) -> bool:
    kind, _colon, rest = meaning.partition(":")
    return kind != "column" or rest in TABLES[table].names


def _check_patterns(texts: Sequence[str]) -> list[str]:
    """Return the patterns that are not empty. ValidationError where one cannot be run."""
    found = [text.strip() for text in texts if text.strip()]
    for text in found:
        if not runs(text):
            raise forms.ValidationError(
                _(
                    "“%(found)s” is no pattern; expected a regular expression without look-around or back-references."
                )
                % {"found": text[:80]}
            )
    return found
