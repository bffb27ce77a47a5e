"""What a page says of changes between releases: the subject it stands for, counts and sums, lines told as the live release tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rasad.release.reader import (
    FLOWS,
    PERSON_KEY,
    ChangedLine,
    Filters,
    Kind,
    Part,
    Release,
    changes_of,
    known_lines,
    left_lines,
    steps,
)
from rasad.web.portal.frame import lang
from rasad.web.portal.query import NAMES, read, without
from rasad.web.portal.release_steps import told_here
from rasad.web.portal.scope import book_of
from rasad.web.portal.tables import dimension_name, group_name, local
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Chip, Column, Table

SUBJECT = tuple(name for name in NAMES if name != "per")
"""Names in an address that say what a feed or a list of changes is of."""


@dataclass(frozen=True)
class Subject:
    """What changes are asked of: the filters, each flow apart, and `given`: how they stand in an address."""

    filters: tuple[Filters, ...]
    given: dict[str, str]

    @property
    def whole(self) -> bool:
        """Whether it is the whole city."""
        return not self.given

    @property
    def query(self) -> str:
        """The subject as an address has it, with its question mark; "" for the whole city. Names stand in a fixed order."""
        return f"?{urlencode(self.given)}" if self.given else ""


def subject_of(params: QueryDict, release: Release) -> Subject:
    """Return the subject that an address means: what stands in it and nothing else. BadRequest where it makes no sense."""
    query = read(params, release)
    given = {name: query.given[name] for name in SUBJECT if name in query.given}
    if given.get("year") == "all":
        del given["year"]
    filters = replace(
        query.filters,
        year=query.filters.year if "year" in given else None,
        stage=given.get("stage"),
        book=given.get("book"),
    )
    flows = (given["flow"],) if "flow" in given else FLOWS
    return Subject(tuple(replace(filters, flow=flow) for flow in flows), given)


def chips(subject: Subject, params: QueryDict, release: Release) -> list[Chip]:
    """Return what the subject is, each part with the address without it."""
    return [
        Chip(_chip_name(name), _chip_text(name, value, release), without(params, name, "kind"))
        for name, value in subject.given.items()
    ]


def title_of(subject: Subject, release: Release) -> str:
    """Return the subject in words: the whole city, or its filters."""
    parts = [
        f"{_chip_name(name)}: {_chip_text(name, value, release)}" for name, value in subject.given.items()
    ]
    return " · ".join(parts) if parts else _("the whole city")


def _chip_name(name: str) -> str:
    more = {"it": _("IT spending only"), "q": _("Words in the description"), "year": _("Fiscal year")}
    return more.get(name) or dimension_name(name)


def _chip_text(name: str, value: str, release: Release) -> str:
    if name == "it":
        return _("yes")
    if name == "q":
        return value
    if name == "year":
        return show.digits_of(value, lang())
    if name in ("flow", "book"):
        return labels.label(labels.FLOWS if name == "flow" else labels.BOOKS, value)
    if name == "supplier":
        known = release.supplier(value)
        return _("Natural persons, together") if value == PERSON_KEY else known.name if known else value
    if name in ("unit", "programme", "economic"):
        return local(dict(release.choices(name)).get(value, value))
    return group_name(name, value, value, release)


# --- a part of a page ------------------------------------------------------------------------------------------------


def here(
    release: Release, params: QueryDict | Mapping[str, str], *, shown: Sequence[Filters] = ()
) -> dict[str, Any]:
    """Return what a page needs to say what changed here: `changes_here` and `feeds` of its context.

    `params` are the page's filters as they stand in its address: the feed follows these. `shown`: what the page's figures are of,
    where that is narrower (its own year, stage and book).
    """
    if not isinstance(params, QueryDict):
        params = _query_dict(params)
    subject = subject_of(_only_subject(params), release)
    step = steps(release.path, 1)[0]
    found = changes_of(step, release.cache)
    parts = found.parts([_with_book(one, release) for one in shown] or subject.filters) if found else []
    table = parts_table(parts, release, id="changed-here") if parts else None
    return told_here(step, table, query=subject.query, subject=title_of(subject, release))


def of_line(line_id: str, release: Release) -> dict[str, str] | None:
    """Return what the live release says otherwise of a line than the one before: title, text, address; None where it is as it was."""
    step = steps(release.path, 1)[0]
    found = changes_of(step, release.cache)
    one = found.of_line(line_id) if found else None
    if one is None:
        return None
    number, url = show.digits_of(step.number, lang()), reverse("portal:changes-of", args=[step.number])
    if one.before is None:
        return {
            "title": _("New in release %(number)s") % {"number": number},
            "text": _("The release before did not have this line."),
            "url": url,
        }
    texts = []
    for name, kind in (("class", labels.CLASSES), ("mode", labels.MODES)):
        if name in one.differs and one.after:
            before, after = labels.label(kind, one.before[name]), labels.label(kind, one.after[name])
            texts.append(
                _("%(what)s was %(before)s.")
                % {"what": dimension_name(name), "before": before, "after": after}
            )
    if "amount" in one.differs:
        amount = show.full_amount(one.before["amount"], release.currency, lang())
        texts.append(_("%(what)s was %(before)s.") % {"what": _("Amount"), "before": amount})
    others = [name for name in one.differs if name not in ("class", "mode", "amount")]
    if others:
        texts.append(_("Also differs: %(what)s.") % {"what": _(", ").join(differing(others))})
    return {
        "title": _("Changed in release %(number)s") % {"number": number},
        "text": " ".join(texts),
        "url": url,
    }


def _only_subject(params: QueryDict) -> QueryDict:
    return _query_dict({name: str(params[name]) for name in SUBJECT if params.get(name)})


def _query_dict(values: Mapping[str, str]) -> QueryDict:
    found = QueryDict(mutable=True)
    found.update(dict(values))
    return found


def _with_book(filters: Filters, release: Release) -> Filters:
    return filters if filters.book or not filters.stage else replace(filters, book=book_of(filters, release))


# --- tables ----------------------------------------------------------------------------------------------------------


def of_part(part: Part, *, flow: bool) -> str:
    """Return what a part's money is: stage, year, book, and the flow where it is not an expense."""
    said = [labels.label(labels.STAGES, part.stage)]
    if part.year is not None:
        said.append(show.digits_of(part.year, lang()))
    said.append(labels.label(labels.BOOKS, part.book))
    if flow:
        said.insert(0, labels.label(labels.FLOWS, part.flow))
    return " · ".join(said)


def parts_table(parts: Sequence[Part], release: Release, *, id: str, caption: str = "") -> Table:
    """Return counts and net amounts of what changed, a row for each stage and book: never added together."""
    flows = any(part.flow != "expense" for part in parts)
    rows = [
        {
            "of": of_part(part, flow=flows),
            "came": part.lines["added"] + part.lines["entered"],
            "gone": part.lines["gone"] + part.lines["left"],
            "changed": part.lines["changed"],
            "class": part.reclassified,
            "net": part.net,
        }
        for part in parts
    ]
    return Table(
        id=id,
        caption=caption or _("Lines that changed, and what that makes in money; each stage by itself"),
        columns=[
            Column("of", _("Stage")),
            Column("came", _("Came"), "number"),
            Column("gone", _("Went"), "number"),
            Column("changed", _("Differ"), "number"),
            Column("class", _("Class changed"), "number"),
            Column("net", _("Difference in amount"), "money"),
        ],
        rows=rows,
        caption_hidden=not caption,
        stack=False,
    )


def kind_name(kind: Kind) -> str:
    """Return the heading of a list of lines that changed."""
    return {
        "added": _("New in this release"),
        "gone": _("No longer in this release"),
        "entered": _("Came here from elsewhere in the release"),
        "left": _("Left here for elsewhere in the release"),
        "changed": _("Still here, and saying something else"),
    }[kind]


def kind_count(kind: Kind, count: int) -> str:
    """Return "12 lines …" of a kind, in words."""
    number = show.grouped(count, lang())
    texts = {
        "added": ngettext("%(number)s line new", "%(number)s lines new", count),
        "gone": ngettext("%(number)s line gone", "%(number)s lines gone", count),
        "entered": ngettext(
            "%(number)s line came from elsewhere", "%(number)s lines came from elsewhere", count
        ),
        "left": ngettext("%(number)s line left for elsewhere", "%(number)s lines left for elsewhere", count),
        "changed": ngettext("%(number)s line differs", "%(number)s lines differ", count),
    }
    return texts[kind] % {"number": number}


@dataclass(frozen=True)
class Told:
    """A line that changed, as it may be told: `url` where the live release has it, `text` and `supplier` as the live release says them."""

    line: ChangedLine
    text: str
    supplier: str
    url: str


def told(found: Sequence[ChangedLine], release: Release, *, newest: bool) -> list[Told]:
    """Return lines with their texts: those of the live release where it has the line. What only an earlier release told is told again
    for the newest comparison alone, which withholds what the live release withholds."""
    known = known_lines(release, [one.after["line_id"] for one in found if one.after])
    left = left_lines(release, [one.before["line_id"] for one in found if one.before and not one.after])
    texts = []
    for one in found:
        live = known.get(one.after["line_id"]) if one.after else None
        source = live or (one.either if newest else {})
        person = bool(one.either["supplier_is_person"] or (live and live["supplier_is_person"]))
        untold = _("no description") if source else _("description not in the live release")
        texts.append(
            Told(
                one,
                local(source.get("title") or source.get("economic")) or untold,
                _("a natural person") if person else str(source.get("supplier_name") or ""),
                _line_url(one, live, left),
            )
        )
    return texts


def _line_url(one: ChangedLine, live: object, left: set[str]) -> str:
    """Return where a line is told of: its page, or the page that says why it left; "" where there is neither."""
    if one.after:
        return reverse("portal:line", args=[one.after["line_id"]]) if live else ""
    return (
        reverse("portal:line", args=[one.before["line_id"]])
        if one.before and one.before["line_id"] in left
        else ""
    )


def differing(columns: Sequence[str]) -> list[str]:
    """Return the names of what differs, in the page's language; what has no name of its own is "other cells"."""
    named: dict[str, str] = {
        "amount": _("Amount"),
        "date": _("Date"),
        "title": _("Description"),
        "supplier_name": dimension_name("supplier"),
    }
    found: dict[str, None] = {}
    for column in columns:
        plain = column.removesuffix("_code")
        name = named.get(plain) or (dimension_name(plain) if plain in labels.DIMENSIONS else _("other cells"))
        found[name] = None
    return list(found)


def line_rows(lines: Sequence[Told]) -> list[dict[str, Any]]:
    """Return the table rows of lines that changed."""
    rows = []
    for one in lines:
        before, after, either = one.line.before or {}, one.line.after or {}, one.line.either
        under = [one.supplier, local(either["unit"] or either["unit_code"])]
        stage = labels.label(labels.STAGES, either["stage"])
        rows.append(
            {
                "title": one.text,
                "under": " · ".join(part for part in under if part),
                "url": one.url,
                "when": f"{stage} · {show.digits_of(either['fiscal_year'], lang())}",
                "class": either["class"],
                "class_before": before.get("class"),
                "class_after": after.get("class"),
                "amount": either["amount"],
                "difference": after["amount"] - before["amount"] if before and after else None,
                "differs": _(", ").join(differing(one.line.differs)),
            }
        )
    return rows


def lines_table(lines: Sequence[Told], kind: Kind, *, id: str) -> Table:
    """Return a table of lines of one kind; they are of different stages and years, so they have no sum."""
    columns = [
        Column("title", _("Description"), link="url", note="under"),
        Column("when", _("Stage and year")),
    ]
    if kind in ("added", "gone"):
        columns += [Column("class", _("Class"), "class"), Column("amount", _("Amount"), "money")]
    else:
        columns += [
            Column("class_before", _("Class before"), "class"),
            Column("class_after", _("Class now"), "class"),
            Column("amount", _("Amount now"), "money"),
            Column("difference", _("Difference"), "money"),
            Column("differs", _("What differs")),
        ]
    return Table(id=id, caption=kind_name(kind), columns=columns, rows=line_rows(lines), caption_hidden=True)


def counted(parts: Sequence[Part]) -> dict[Kind, int]:
    """Return kind → lines, over all stages: rows can be counted together, money cannot."""
    found: dict[Kind, int] = {"added": 0, "gone": 0, "entered": 0, "left": 0, "changed": 0}
    for part in parts:
        for kind, count in part.lines.items():
            found[kind] += count
    return found


def in_words(parts: Sequence[Part]) -> str:
    """Return what changed in one sentence of counts."""
    counts = [kind_count(kind, count) for kind, count in counted(parts).items() if count]
    return _(", ").join(counts) if counts else _("nothing changed")
