"""Loading a file that was handed in: the work itself, done by the worker, and the event that it leaves on the trail.

Each is safe to run again after a crash: a batch that is there already is known, and its event is written once.
"""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rasad.actions import cities, switching, uploads
from rasad.actions.batches import Progress, import_file, suggest
from rasad.actions.examining import keep_plan
from rasad.actions.quarantine import load_corrections, superseded
from rasad.ledger.batches import Receipt, receipts
from rasad.ledger.mapping import Mapping, load_mapping
from rasad.ledger.problems import AlreadyLoaded
from rasad.records.changes import changing
from rasad.records.models import Account, AuditEvent, Upload


def load_upload(
    *,
    home: Path,
    params: Dictionary[str, Any],
    by: Account | None,
    again: bool,
    progress: Progress,
) -> dict[str, Any]:
    """Import a file that was handed in, as a source, and return its batch, source and rows.

    params: upload (its id), source, mapping (the hash of the mapping that was tried; absent: any), params (of the source), replace, add,
    seen (the source's batches that counted when it was tried; absent: any), why. ValidationError or LedgerError where it cannot be; then
    nothing was written.
    """
    upload = uploads.find(str(params["upload"]))
    mapping = _mapping(home, str(params["source"]), params.get("mapping"))
    path = uploads.path_of(home, upload)
    try:
        receipt = import_file(
            home=home,
            mapping=mapping,
            path=path,
            params=dict(params.get("params", {})),
            replace=bool(params.get("replace")),
            add=bool(params.get("add")),
            seen=params.get("seen"),
            where=upload.name,
            progress=progress,
        )
    except AlreadyLoaded as error:
        # The crash came after the batch was written: what comes after it is done again.
        if not again:
            raise
        receipt = next(one for one in receipts(home) if one.batch == error.batch)
        suggest(home, receipt, path)
    told = {"replaces": " ".join(receipt.supersedes)} if receipt.supersedes else {}
    _tell("batch.import", receipt, by, str(params.get("why", "")), told)
    return _loaded(upload, receipt)


def put_right(
    *, home: Path, params: Dictionary[str, Any], by: Account | None, again: bool, progress: Progress
) -> dict[str, Any]:
    """Take in a file of rejected rows that were put right, and return the batch that supersedes theirs, its source and rows.

    params: upload (its id), why. ValidationError or LedgerError where it cannot be; then nothing was written.
    """
    upload = uploads.find(str(params["upload"]))
    path = uploads.path_of(home, upload)
    progress("reading", 0, 2)
    try:
        receipt = load_corrections(home=home, path=path, by=by.name if by else "")
    except AlreadyLoaded as error:
        if not again:
            raise
        receipt = next(one for one in receipts(home) if one.batch == error.batch)
        suggest(home, receipt, path)
    before, newest = superseded(home, receipt), receipt.corrections[-1]
    told = {
        "put_right": len(newest["rows"]) - len(newest["still"]),
        "replaces": before.batch,
    }
    _tell("batch.put_right", receipt, by, str(params.get("why", "")), told)
    progress("done", 2, 2)
    return _loaded(upload, receipt)


def _mapping(home: Path, source: str, expected: str | None) -> Mapping:
    # Whoever asked for this work may have died before the mapping that it was asked with was in its place.
    switching.recover(home)
    path = cities.sources(home).get(source)
    if path is None:
        raise ValidationError(_("No source is called %(source)s.") % {"source": source})
    mapping = load_mapping(path)
    if expected is not None and mapping.hash != expected:
        raise ValidationError(
            _("The mapping of %(source)s was changed since the file was tried with it. Try it again.")
            % {"source": source}
        )
    return mapping


def _tell(action: str, receipt: Receipt, by: Account | None, why: str, more: dict[str, Any]) -> None:
    if AuditEvent.objects.filter(action=action, noun="batch", record_key=receipt.batch).exists():
        return
    with changing(by=by, action=action, why=why) as change:
        after = {
            "source": receipt.source,
            "file_name": receipt.file["name"],
            "rows_in": receipt.rows["in"],
            "rows_stored": receipt.rows["stored"],
            "rows_set_aside": receipt.rows["set_aside"],
            "rows_quarantined": receipt.rows["quarantined"],
        }
        change.tell(noun="batch", key=receipt.batch, after={**after, **more})


def _loaded(upload: Upload, receipt: Receipt) -> dict[str, Any]:
    upload.refresh_from_db()
    keep_plan(upload, {**upload.plan, "state": "loaded", "batch": receipt.batch})
    return {"batch": receipt.batch, "source": receipt.source, "rows": dict(receipt.rows)}
