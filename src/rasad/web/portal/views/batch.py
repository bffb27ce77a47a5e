"""One batch: the file as it arrived, how it was read, its control totals, and what of it was quarantined."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from rasad.release.reader import Release
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame
from rasad.web.portal.query import page_number
from rasad.web.portal.record_changes import records_here
from rasad.web.portal.tables import pages_of
from rasad.web.portal.views.data import PROBLEMS, amounts_tables, problems_table
from rasad.web.theme.parts import Fact, Stat
from rasad.web.theme.site import Link


@page
def batch(request: HttpRequest, release: Release, key: str) -> HttpResponse:
    """Show a batch of the release; 404 where there is none such."""
    rows = [row for row in release.batches() if row["batch"] == key]
    if not rows:
        raise Http404
    number = page_number(request.GET)
    problems, count = release.problems(batch=key, limit=PROBLEMS, offset=(number - 1) * PROBLEMS)
    first = rows[0]
    context = frame(request, release, "data")
    context |= {
        "title": first["file_name"],
        "crumbs": [Link(_("Data"), reverse("portal:data")), Link(first["file_name"], "", True)],
        "facts": _facts(first),
        "file_hash": first["file_hash"],
        "stats": _stats(first),
        "amounts_tables": amounts_tables(rows),
        "problems": problems_table(problems, file=False) if count else None,
        "pages": pages_of(request.GET, number, count, size=PROBLEMS),
    }
    context |= records_here(release, "batch", key)
    return TemplateResponse(request, "portal/batch.html", context)


def _facts(row: dict[str, Any]) -> list[Fact]:
    facts = [
        Fact(_("Bytes"), row["file_bytes"], "number"),
        Fact(_("Encoding"), row["encoding"] or "", "code"),
        Fact(_("Sheet"), row["sheet"] or ""),
        Fact(_("Source"), row["source"], "code", note=_("the mapping that says which column is what")),
        Fact(_("Version of the mapping"), row["mapping_version"] or "", "code"),
        Fact(_("Fingerprint of the mapping"), row["mapping_hash"] or "", "hash"),
        Fact(_("Loaded at"), row["created_at"], "date"),
        Fact(_("Supersedes"), row["supersedes"] or "", "code"),
        *_corrections(row),
        Fact(_("Batch"), row["batch"], "code"),
    ]
    return [fact for fact in facts if fact.value not in ("", None)]


def _corrections(row: dict[str, Any]) -> list[Fact]:
    """Return which files put rejected rows right, and how many rows; releases of an earlier Rasad do not say."""
    files = (row.get("corrections") or "").split()
    if not files:
        return []
    return [
        Fact(_("Rows put right"), row["rows_corrected"], "number", note=_("rejected at first, counted now")),
        *(Fact(_("Put right by the file"), one, "hash") for one in files),
    ]


def _stats(row: dict[str, Any]) -> list[Stat]:
    return [
        Stat(_("Rows in"), number=row["rows_in"]),
        Stat(_("Stored"), number=row["rows_stored"]),
        Stat(
            _("Set aside"), number=row["rows_set_aside"], note=_("totals, titles, parents: kept, not counted")
        ),
        Stat(
            _("Quarantined"),
            number=row["rows_quarantined"],
            note=_("could not be read: kept, with the reason"),
        ),
        Stat(
            _("Lines written"),
            number=row["lines"],
            note=_("one row can hold several stages; remainders counted"),
        ),
    ]
