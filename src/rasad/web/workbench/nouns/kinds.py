"""What the pages of a noun are made of. A noun is declared once (`Noun`); lists, pages, forms and addresses follow from it.

Titles, types and choices of columns come from `records.tables`; what is done comes from `rasad.actions`: here stands only what a page needs
besides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rasad.actions.register import model_of
from rasad.records.audited import Audited
from rasad.records.models import Account
from rasad.web.theme.parts import Kind, Option, Table
from rasad.web.workbench.versions import number_in

Text = str | Promise
WHY = _("Why (for the trail)")
ALL = _("All")


@dataclass(frozen=True)
class Input:
    """One field of a form.

    `column` ("baseline.start") says of which noun's column it is, where it is not the noun's own of that `name`. `label`, `help` and
    `required` stand for what the column says. `wide` fields take the whole line.
    """

    name: str
    column: str = ""
    label: Text = ""
    help: Text = ""
    required: bool | None = None
    wide: bool = False


@dataclass(frozen=True)
class Rows:
    """A set that is said as a whole: rows of the same few fields. `whole` names the share of which all rows together have the whole:
    exactly, or at most it. `fixed` rows stand for records that are there: none is added or left out, and `name` is the first field's."""

    name: str
    inputs: tuple[Input, ...]
    label: Text = ""
    help: Text = ""
    whole: str = ""
    exactly: bool = True
    fixed: bool = False


@dataclass(frozen=True)
class Fieldset:
    """Fields under one heading."""

    inputs: tuple[Input | Rows, ...]
    title: Text = ""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: the record (None for a new one), what the form says, the version seen, who and why."""

    record: Any
    told: Mapping[str, Any]
    seen: str
    by: Account | None
    why: str

    @property
    def version(self) -> int:
        """The version that was seen, as a number; of what is none, 0, which no record has."""
        return number_in(self.seen)


def version_of(record: Any) -> str:
    """Return what a form keeps of the record that it shows."""
    return str(record.version)


def nothing_first(record: Any) -> Mapping[str, Any]:
    """Return no first values."""
    return {}


@dataclass(frozen=True)
class Verb:
    """Something that is done with a record: its form, and what does it.

    `fits` says of which records it can be done now. `first` has what stands in the form at first. `seen` is what is compared when it is
    sent: the record's version, or for a set its fingerprint. `why` is "needed", "asked" or "" (a field of the form tells it).
    """

    name: str
    label: Text
    ability: str
    do: Callable[[Asked], Any]
    fieldsets: tuple[Fieldset, ...] = ()
    title: Text = ""
    lede: Text = ""
    why: str = "asked"
    why_label: Text = WHY
    first: Callable[[Any], Mapping[str, Any]] = nothing_first
    seen: Callable[[Any], str] = version_of
    fits: Callable[[Any], bool] = lambda record: True
    main: bool = False
    danger: bool = False

    @property
    def sees_version(self) -> bool:
        """Whether two writers choose field by field: the form is of the record's own fields."""
        return self.seen is version_of


def verb(
    name: str, label: Text, ability: str, do: Callable[[Asked], Any], *inputs: Input | Rows, **more: Any
) -> Verb:
    """Return a verb with one short fieldset."""
    return Verb(name, label, ability, do, (Fieldset(inputs),) if inputs else (), **more)


@dataclass(frozen=True)
class Col:
    """A column of a list: its title, how its value is got and shown, and what it is sorted by ("" where it is not)."""

    key: str
    label: Text
    value: Callable[[Any], Any]
    kind: Kind = "text"
    sort: str = ""
    link: Callable[[Any], str] | None = None
    note: Callable[[Any], Any] | None = None
    depth: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter of a list: its choices, and how each narrows what is found."""

    name: str
    label: Text
    options: Callable[[], Sequence[Option]]
    narrow: Callable[[QuerySet[Any], str], QuerySet[Any]]
    empty: Text = ALL


@dataclass(frozen=True)
class Part:
    """Records that stand on another's page: their table, and what can be done with each. `add` and `set` verbs stand at its head."""

    name: str
    title: Text
    table: Callable[[HttpRequest, Any], Table | None]
    noun: str = ""
    owner: str = ""
    verbs: tuple[Verb, ...] = ()
    heads: tuple[str, ...] = ()
    empty: Text = ""

    @cached_property
    def model(self) -> type[Audited]:
        """The model of the part's records."""
        return model_of(self.noun)


@dataclass(frozen=True)
class Noun:
    """One noun's pages.

    `sought` are fields that are searched besides the key and the names. `name` is that of `records.tables`; `one` and `many` name its addresses; `slug` stands in them.
    """

    name: str
    one: str
    many: str
    slug: str
    title: Text
    singular: Text
    lede: Text
    columns: tuple[Col, ...]
    add: Verb | None
    verbs: tuple[Verb, ...] = ()
    filters: tuple[Filter, ...] = ()
    parts: tuple[Part, ...] = ()
    found: Callable[[], QuerySet[Any]] | None = None
    order: str = ""
    tree: str = ""
    sought: tuple[str, ...] = ()
    lead: Callable[[HttpRequest, Any], Mapping[str, Any]] | None = None
    template: str = "workbench/record.html"
    hidden: frozenset[str] = frozenset()
    chip: Callable[[Any], str] | None = None
    histories: tuple[str, ...] = field(default=())

    @cached_property
    def model(self) -> type[Audited]:
        """The model."""
        return model_of(self.name)

    def records(self) -> QuerySet[Any]:
        """Return the records as the list reads them."""
        return self.found() if self.found else self.model._base_manager.all()


def key_of(record: Model | None) -> str:
    """Return a record's key as text; nothing for none."""
    return "" if record is None else str(record)
