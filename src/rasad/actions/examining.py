"""Looking at a file that was handed in: what it holds, which source it fits, what loading it would do. What is found stands in its plan.

A plan has: state (new, ready, loading, loaded, dropped) and stamp (which write of it this is). Once looked at: kind ("export", or "put_right"
for rejected rows that were put right); of an export columns, fits, proposal (data, doubts), choice (a source, or data), params, and trial
or error (a problem) or already (the batch that has the very same). Once asked for: job; once loaded: batch.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping as Dictionary
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rasad.actions import cities, uploads
from rasad.actions.batches import Progress
from rasad.actions.sources import fits, try_against
from rasad.ledger.mapping import Mapping, load_mapping, parse_mapping
from rasad.ledger.markers import read_marked, says_marks
from rasad.ledger.problems import AlreadyLoaded, FileError, LedgerError
from rasad.ledger.propose import propose_for
from rasad.ledger.propose.tables import Table, look
from rasad.ledger.reassign import columns_of
from rasad.records.models import Upload

FIRST_ROWS = 8
"""Lines and rejected rows that a trial shows."""
TRIED = ("error", "trial", "already")
"""What a trial leaves in the plan, one of them."""
DIFFERING = 10
"""Lines of each kind of difference that a comparison shows."""


def examine(*, home: Path, upload: Upload, progress: Progress | None = None) -> Upload:
    """Look at the file, unless that was done, and try what is chosen for it. What is wrong with the file stands in the plan too.

    ValidationError where somebody else wrote the plan meanwhile.
    """
    say = progress or (lambda what, done, total: None)
    plan = {key: value for key, value in upload.plan.items() if key not in TRIED}
    path = uploads.path_of(home, upload)
    try:
        if "kind" not in plan:
            say("reading", 0, 4)
            plan |= _looked(home, path)
        if plan["kind"] == "export":
            plan["trial"] = _tried(home, upload, plan, path, say)
    except AlreadyLoaded as error:
        plan["already"] = error.batch
    except LedgerError as error:
        plan["error"] = error.problem.as_dict()
    return keep_plan(upload, {**plan, "state": "ready"})


def keep_plan(upload: Upload, plan: Dictionary[str, Any]) -> Upload:
    """Write what is known of a file. ValidationError where somebody else did so since it was read."""
    with transaction.atomic():
        fresh = Upload.objects.select_for_update().get(pk=upload.pk)
        if fresh.plan.get("stamp") != upload.plan.get("stamp"):
            raise ValidationError(
                _("Somebody else works on this file: it was changed meanwhile. Look at it again.")
            )
        fresh.plan = {**plan, "stamp": uuid.uuid4().hex}
        fresh.save(update_fields=["plan"])
    return fresh


def mapping_of(home: Path, choice: Dictionary[str, Any]) -> Mapping:
    """Return the mapping that is chosen. ValidationError where its source is gone; MappingError where it cannot stand."""
    if "data" in choice:
        return parse_mapping(choice["data"], str(choice["data"].get("id", "")))
    path = cities.sources(home).get(str(choice.get("source")))
    if path is None:
        raise ValidationError(_("No source is called %(source)s.") % {"source": choice.get("source")})
    return load_mapping(path)


def data_of(mapping: Mapping) -> dict[str, Any]:
    """Return a mapping as its TOML has it."""
    data: dict[str, Any] = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return data


def _looked(home: Path, path: Path) -> dict[str, Any]:
    tables = look(path)
    if any(says_marks(table.header) for table in tables):
        marks = read_marked(path)
        rows = [row for some in marks.rows for row in some]
        return {"kind": "put_right", "batches": sorted({row.batch for row in rows}), "rows": len(rows)}
    found = fits(home=home, tables=tables, name=path.name)
    proposal = _proposed(home, tables)
    return {
        "kind": "export",
        "tables": [
            {"sheet": table.sheet, "rows": table.rows, "titles": plain(table.titles[:4])} for table in tables
        ],
        "file": {
            name: plain(getattr(tables[0].facts, name))
            for name in ("bytes", "format", "compression", "encoding", "delimiter")
        },
        "columns": [plain(asdict(column)) for column in columns_of(tables)],
        "fits": [plain({**asdict(fit), "whole": fit.whole}) for fit in found],
        "proposal": proposal,
        "choice": {"source": found[0].source} if found and found[0].whole else {"data": proposal["data"]},
        "params": {},
    }


def _proposed(home: Path, tables: list[Table]) -> dict[str, Any]:
    """Return a first mapping and its doubts; one that only says whose it is where no column of amounts was found."""
    city = cities.settings(home)
    known = set(cities.sources(home))
    currency = str(city.get("currency", "IRR"))
    try:
        found = propose_for(tables, id_=_free_id(str(city["id"]), "payments", known), currency=currency)
    except FileError:
        numbers = {"currency": currency, "minor_digits": city.get("minor_digits", 0)}
        data: dict[str, Any] = {
            "id": _free_id(str(city["id"]), "payments", known),
            "columns": {},
            "amounts": [],
            "numbers": numbers,
            "dates": {"calendar": city.get("calendar", "jalali")},
            "fiscal_year": {"from": "parameter"},
        }
        return {"data": data, "doubts": []}
    data = dict(found.data)
    stages = [amount.get("stage") for amount in data["amounts"]]
    kind = "contracts" if data.get("table") == "contract" else "payments" if stages == ["paid"] else "budget"
    data["id"] = _free_id(str(city["id"]), kind, known)
    return {
        "data": plain(data),
        "doubts": [
            {"key": one.key, "message": one.message, "values": plain(one.values)} for one in found.doubts
        ],
    }


def _free_id(city: str, kind: str, known: set[str]) -> str:
    number, name = 2, f"{city}.{kind}"
    while name in known:
        name, number = f"{city}.{kind}_{number}", number + 1
    return name


def _tried(
    home: Path, upload: Upload, plan: Dictionary[str, Any], path: Path, say: Progress
) -> dict[str, Any]:
    mapping = mapping_of(home, plan["choice"])
    trial, against = try_against(
        home=home,
        mapping=mapping,
        path=path,
        params=dict(plan["params"]),
        where=upload.name,
        rows=FIRST_ROWS,
        progress=say,
    )
    return {
        "receipt": plain(trial.receipt.as_dict()),
        "lines": [plain(line) for line in trial.lines],
        "problems": [plain(problem.as_dict()) for problem in trial.problems],
        "again": against.again,
        "reread": against.reread,
        "repeats": plain(against.repeats),
        "comparison": plain(against.comparison.as_dict(DIFFERING)) if against.comparison else None,
        "live": against.live,
        "mapping": mapping.hash,
    }


def plain(value: Any) -> Any:
    """Return a value as JSON has it: days as ISO texts, tuples as lists, no character that PostgreSQL's JSON refuses."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {plain(str(key)): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, int | float | bool) else str(value)
