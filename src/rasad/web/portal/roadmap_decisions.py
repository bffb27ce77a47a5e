"""Every decision on a roadmap, the newest first: who took it and when, and what it changed of the one before, as a picture and a table."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rasad.web.portal.frame import lang
from rasad.web.portal.roadmap_went import GONE, Row, Went, named
from rasad.web.portal.roadmap_went import heads as heads_of
from rasad.web.portal.tables import local
from rasad.web.theme.parts import Bar, Column, Lane, Slot, Table, Timeline

_CHANGES = {"added": gettext_lazy("put in"), **GONE}
_ORDER = {"added": 0, "changed": 1, "dropped": 2, "past": 3}


def decisions(went: Went) -> list[dict[str, Any]]:
    """Return every decision, the newest first."""
    found = []
    for version in reversed(went.versions):
        mine = [row for row in went.changes if row["number"] == version["number"]]
        mine.sort(key=lambda row: (_ORDER[row["change"]], row["code"]))
        first = version["number"] == went.versions[0]["number"]
        found.append(
            {
                "title": local(named(version)),
                "who": _who(went, version),
                "said": _first(went, version) if first else _said(went, version, mine),
                "moves": _moves(went, version, mine),
                "changes": _changed(went, version, mine) if mine else None,
            }
        )
    return found


def _who(went: Went, version: Row) -> str:
    day = went.day(version["adopted_on"])
    if not version["resolution"]:
        return _("%(day)s, by %(reference)s") % {"day": day, "reference": local(version["reference"])}
    number, title = _apart(version["resolution"]), _apart(version["resolution_title"])
    if version["commission"]:
        return _("%(day)s, by resolution %(number)s “%(title)s”, in the meeting of the commission %(commission)s") % {
            "day": day, "number": number, "title": title, "commission": _apart(version["commission"]),
        }  # fmt: skip
    return _("%(day)s, by resolution %(number)s “%(title)s”") % {"day": day, "number": number, "title": title}  # fmt: skip


def _apart(text: str | None) -> str:
    """Return a name of either direction so that it stands as one whole in a sentence of the other."""
    return f"\u2068{local(text or '')}\u2069"


def _first(went: Went, version: Row) -> str:
    return _("The first decision: %(count)s initiatives, %(amount)s.") % {
        "count": went.number(version["initiatives"]),
        "amount": _whole(went, version),
    }


def _said(went: Went, version: Row, mine: list[Row]) -> str:
    before = next(one for one in went.versions if one["number"] == version["number"] - 1)
    kinds = [row["change"] for row in mine]
    said = {
        "added": _("%(count)s put in"),
        "dropped": _("%(count)s left out"),
        "changed": _("%(count)s moved or at another cost"),
        "past": _("the years of %(count)s were over"),
    }
    changed = [text % {"count": went.number(kinds.count(kind))} for kind, text in said.items() if kind in kinds]  # fmt: skip
    return _("%(changes)s. The plan before came to %(before)s, this one comes to %(after)s.") % {
        "changes": _(", ").join(changed) or _("Nothing was changed"),
        "before": _whole(went, before),
        "after": _whole(went, version),
    }


def _whole(went: Went, version: Row) -> str:
    """Return what a decided plan comes to, and over which periods: those of two plans need not be the same."""
    amount, over = went.amount(version["cost"]), went.within(version.get("first_period"), version.get("last_period"))  # fmt: skip
    return _("%(amount)s (%(periods)s)") % {"amount": amount, "periods": over} if over else amount


def _moves(went: Went, version: Row, mine: list[Row]) -> Timeline | None:
    """Return what a decision put in, left out and moved, before it and after; None where nothing came, went or moved, or the release has no periods of it."""
    lanes: dict[str, list[Bar]] = defaultdict(list)
    for row in mine:
        if row["change"] == "past" or (row["change"] == "changed" and not _shift(went, row)):
            continue
        sides = [side for side in ("before", "after") if row.get(f"from_{side}") is not None]
        names = {"before": _("before the decision"), "after": _("after the decision")}
        for at, side in enumerate(sides):
            slots = _slots(went, row[f"from_{side}"], row[f"to_{side}"])
            name, note = (names[side], _shift(went, row)) if at else (local(named(row)), names[side])
            lanes[row["change"]].append(Bar(name, slots, note=note))
    if not lanes:
        return None
    heads = {"added": _("New in the plan"), "changed": _("Moved"), "dropped": _("Left out")}
    # Periods in which nothing of it is yet to be seen are left out.
    drawn = [bar.slots for bars in lanes.values() for bar in bars]
    cut = slice(min((at for one in drawn for at, slot in enumerate(one) if slot), default=0), None)
    years, periods = heads_of(went.kind, list(went.periods.values())[cut])
    return Timeline(
        id=f"moves-{version['number']}",
        caption=_("What came, went and moved"),
        corner=_("Initiative"),
        years=years,
        periods=periods,
        lanes=[
            Lane(name, [Bar(bar.name, bar.slots[cut], note=bar.note) for bar in lanes[key]])
            for key, name in heads.items()
            if key in lanes
        ],
    )


def _slots(went: Went, first: int, last: int) -> list[Slot]:
    return ["work" if first <= at <= last else "serves" if at > last else "" for at in went.periods]


def _shift(went: Went, row: Row) -> str:
    return went.moved(row["moved"], row["end_moved"] if "end_moved" in row else row["moved"])


def _changed(went: Went, version: Row, mine: list[Row]) -> Table:
    rows = []
    for row in mine:
        before, after = row["cost_before"], row["cost_after"]
        rows.append(
            {
                "name": local(named(row)),
                "what": _what(went, row),
                "before": _when(went, row, "before"),
                "after": _when(went, row, "after"),
                "was": before,
                "now": after,
                "more": (after or 0) - (before or 0),
            }
        )
    return Table(
        id=f"changes-{version['number']}",
        caption=_("What it changed"),
        columns=[
            Column("name", _("Initiative")),
            Column("what", _("Change")),
            Column("before", _("Work before")),
            Column("after", _("Work after")),
            Column("was", _("Cost before"), "money"),
            Column("now", _("Cost after"), "money"),
            Column("more", _("Difference"), "difference"),
        ],
        rows=rows,
        total={"name": _("Total"), **{name: sum(row[name] or 0 for row in rows) for name in ("was", "now", "more")}},
        row_header="name",
        currency=went.currency,
    )  # fmt: skip


def _what(went: Went, row: Row) -> str:
    if row["change"] != "changed":
        return str(_CHANGES[row["change"]])
    said = [_shift(went, row)]
    way = "mode_{}" if lang() == "fa" else "mode_{}_en"
    was, now = (local(row.get(way.format(side)) or "") for side in ("before", "after"))
    if was != now:
        said.append(_("another way: %(now)s rather than %(was)s") % {"now": now, "was": was})
    if not any(said) or row["cost_before"] != row["cost_after"]:
        more = (row["cost_after"] or 0) > (row["cost_before"] or 0)
        said.append(_("dearer") if more else _("cheaper"))
    return _(", ").join(one for one in said if one)


def _when(went: Went, row: Row, side: str) -> str:
    """Return the periods of the work; of a release that does not say when it ends, when it starts."""
    if row.get(f"from_{side}") is not None:
        return went.within(row[f"from_{side}"], row[f"to_{side}"])
    return str((row[f"start_{side}"] if lang() == "fa" else row[f"start_{side}_en"]) or "")
