"""Lines that left: where they went on, and why they are gone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.persian.money import in_words
from rasad.release.reader import Release
from rasad.web.portal.frame import frame, lang
from rasad.web.theme import labels, show
from rasad.web.theme.parts import Column, Fact, Table
from rasad.web.theme.site import Link


def left(request: HttpRequest, release: Release, line_id: str) -> HttpResponse:
    """Lead on to the line that continues the one that left, or say why nothing does (410). Http404 where there was none such."""
    tomb = release.tombstone(line_id)
    if tomb is None:
        raise Http404
    if tomb["continued_by"]:
        return redirect("portal:line", line_id=tomb["continued_by"])
    day = show.day(tomb["left_at"][:10], str(release.city["calendar"]), lang(), long=True)[0]
    context = frame(request, release, "money")
    context |= {
        "line": tomb,
        "title": _("This line left the ledger on %(day)s") % {"day": day},
        "why": _why(tomb["how"]),
        "crumbs": [
            Link(_("Money"), reverse("portal:money")),
            Link(
                _("Line %(row)s of %(file)s")
                % {"row": show.digits_of(tomb["row"], lang()), "file": tomb["file_name"]},
                "",
                True,
            ),
        ],
        "full": show.full_amount(tomb["amount"], tomb["currency"], lang()),
        "words": in_words(tomb["amount"], tomb["currency"], lang()),
        "facts": _facts(tomb, release),
    }
    return render(request, "portal/gone.html", context, status=410)


def earlier_table(tombs: list[dict[str, Any]], currency: str) -> Table | None:
    """Return a table of the lines that one continues; None where there is none."""
    if not tombs:
        return None
    rows = [{**tomb, "how": _how(tomb["how"]), "left_at": tomb["left_at"][:10]} for tomb in tombs]
    return Table(
        id="earlier-lines",
        caption=_("A newer export of the source has this row again; what cites the earlier id leads here"),
        columns=[
            Column("line_id", _("Line id"), "code"),
            Column("file_name", _("File"), "code"),
            Column("row", _("Row"), "number"),
            Column("amount", _("Amount"), "money"),
            Column("left_at", _("Left on"), "date"),
            Column("how", _("How it went on")),
        ],
        rows=rows,
        currency=currency,
    )


def _why(how: str) -> str:
    if how == "reread":
        return _(
            "Its file was read again, by other rules or with rows put right, and this row is no longer counted as a line."
        )
    return _("The office delivered a newer export of the same period, and this row is no longer in it.")


def _how(how: str) -> str:
    return _("changed") if how == "changed" else _("unchanged, under a new id")


def _facts(tomb: dict[str, Any], release: Release) -> list[Fact]:
    there = any(row["batch"] == tomb["superseded_by"] for row in release.batches())
    facts = [
        Fact(_("Stage"), labels.label(labels.STAGES, tomb["stage"]) if tomb["stage"] else ""),
        Fact(_("Fiscal year"), show.digits_of(tomb["fiscal_year"], lang())),
        Fact(_("Date"), tomb["date"] or "", "date"),
        Fact(_("Left on"), tomb["left_at"][:10], "date"),
        Fact(_("File"), tomb["file_name"], "code"),
        Fact(_("Sheet"), tomb["sheet"] or ""),
        Fact(_("Row"), tomb["row"], "number", note=_("title and header rows counted")),
        Fact(_("Source"), tomb["source"], "code"),
        Fact(_("Batch it stood in"), tomb["batch"], "code"),
        Fact(
            _("Batch that came instead"),
            tomb["superseded_by"],
            "code",
            link=reverse("portal:batch", args=[tomb["superseded_by"]]) if there else "",
        ),
        Fact(_("Line id"), tomb["line_id"], "code"),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]
