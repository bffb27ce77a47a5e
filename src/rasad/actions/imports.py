"""The import desk: files handed in, looked at, put right in how they are read, and loaded in the background."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from pathlib import Path
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from rasad.actions import cities, jobs, mappings, uploads
from rasad.actions.examining import TRIED, examine, keep_plan
from rasad.ledger.mapping import parse_mapping
from rasad.records.models import Account, Job, Upload

OPEN = ("new", "ready", "loading")
"""States of a file that still wants something."""
AT_ONCE = 4 * 1024**2
"""Bytes up to which a text is looked at while its reader waits for the page; what is larger is looked at in the background."""
AT_ONCE_PACKED = 512 * 1024
"""The same for workbooks and archives, which hold many times their size."""
How = Literal["", "replace", "add"]


def hand_in(*, home: Path, name: str, chunks: Iterable[bytes], by: Account) -> Upload:
    """Keep a file for the desk and return it, not yet looked at. ValidationError where it is empty or too large."""
    with transaction.atomic():
        upload = uploads.keep(home=home, name=name, chunks=chunks, by=by)
        return keep_plan(upload, {"state": "new"})


def go_on(*, home: Path, upload: Upload, by: Account) -> Upload:
    """Look at a file, at once where it is small, by the worker where it is not; `plan["job"]` is then the work."""
    path = uploads.path_of(home, upload)
    with path.open("rb") as file:
        packed = file.read(2) in (b"PK", b"\x1f\x8b", b"\xd0\xcf")
    if upload.size <= (AT_ONCE_PACKED if packed else AT_ONCE):
        return examine(home=home, upload=upload)
    with transaction.atomic():
        waiting = keep_plan(upload, {**upload.plan, "state": "new"})
        job = jobs.enqueue(kind="ledger.examine", params={"upload": str(upload.pk)}, by=by)
        return keep_plan(waiting, {**waiting.plan, "job": str(job.pk)})


def choose(*, home: Path, upload: Upload, source: str, params: Dictionary[str, str], by: Account) -> Upload:
    """Read the file as one of the home's sources ("": by the mapping proposed for it), and try it.

    ValidationError where there is no such source, the file is no export, or is being loaded.
    """
    plan = _open_plan(upload)
    if source and source not in cities.sources(home):
        raise ValidationError(_("No source is called %(source)s.") % {"source": source})
    choice = {"source": source} if source else {"data": plan["proposal"]["data"]}
    kept = keep_plan(upload, {**_untried(plan), "choice": choice, "params": dict(params)})
    return go_on(home=home, upload=kept, by=by)


def correct(
    *, home: Path, upload: Upload, data: Dictionary[str, Any], params: Dictionary[str, str], by: Account
) -> Upload:
    """Read the file by a mapping that a person put right, and try it. It becomes a source's when the file is loaded.

    ValidationError where the file is no export or is being loaded; MappingError where the mapping cannot stand.
    """
    plan = _open_plan(upload)
    parse_mapping(dict(data), str(data.get("id", "")))
    kept = keep_plan(upload, {**_untried(plan), "choice": {"data": dict(data)}, "params": dict(params)})
    return go_on(home=home, upload=kept, by=by)


def load(*, home: Path, upload: Upload, how: How, by: Account, why: str = "") -> Job:
    """Ask the worker to load the file as it was tried last; a mapping of its own is saved as a source first. Return the work.

    `how`: "replace" or "add" where the file says again what is loaded. ValidationError where that was not said, or the file cannot be
    loaded as it is.
    """
    if upload.plan.get("kind") == "put_right":
        return _load_put_right(upload, by, why)
    plan = _open_plan(upload)
    trial = plan.get("trial")
    if trial is None:
        raise ValidationError(_("The file cannot be loaded as it is. What is wrong stands above."))
    if (trial["again"] or trial["reread"]) and not how:
        raise ValidationError(
            _(
                "The file says again what is loaded. Say whether it replaces that or its rows are further ones."
            )
        )
    if trial["reread"] and how == "add":
        raise ValidationError(_("The very same file is loaded already: it can only be replaced."))
    choice = plan["choice"]
    source = choice["data"]["id"] if "data" in choice else choice["source"]
    params = {
        "upload": str(upload.pk),
        "source": source,
        "mapping": trial["mapping"],
        "params": plan["params"],
        "replace": how == "replace",
        "add": how == "add",
        "seen": trial["live"],
        "why": why,
    }
    # The mapping, the work and the file's plan stand together or not at all.
    with (
        mappings.saving(home=home, data=choice["data"], by=by, why=why)
        if "data" in choice
        else transaction.atomic()
    ):
        job = jobs.enqueue(kind="ledger.import", params=params, by=by)
        keep_plan(upload, {**plan, "choice": {"source": source}, "state": "loading", "job": str(job.pk)})
    return job


def _load_put_right(upload: Upload, by: Account, why: str) -> Job:
    if upload.plan.get("state") not in OPEN or _is_going(upload):
        raise ValidationError(_("The file is being worked on, or is loaded already."))
    with transaction.atomic():
        job = jobs.enqueue(kind="ledger.put_right", params={"upload": str(upload.pk), "why": why}, by=by)
        keep_plan(upload, {**upload.plan, "state": "loading", "job": str(job.pk)})
    return job


def look_again(*, home: Path, upload: Upload, by: Account) -> Upload:
    """Look at the file anew, with what is chosen for it. ValidationError where it is being worked on, or is loaded."""
    if upload.plan.get("state") not in OPEN or _is_going(upload):
        raise ValidationError(_("The file is being worked on, or is loaded already."))
    plan = {key: value for key, value in upload.plan.items() if key != "job"}
    return go_on(home=home, upload=keep_plan(upload, _untried(plan)), by=by)


def drop(*, home: Path, upload: Upload, by: Account) -> Upload:
    """Take a file off the desk; its bytes go where nobody else handed in the same. ValidationError where it is being loaded."""
    if _is_going(upload):
        raise ValidationError(_("The file is being worked on. Take that back first."))
    if upload.plan.get("state") == "loaded":
        raise ValidationError(
            _("The file is loaded: it stays, so that it can be shown what its lines come from.")
        )
    dropped = keep_plan(upload, {"state": "dropped"})
    others = Upload.objects.filter(sha256=upload.sha256, name=upload.name).exclude(pk=upload.pk)
    if not others.exclude(plan__state="dropped").exists():
        uploads.path_of(home, upload).unlink(missing_ok=True)
    return dropped


def job_of(upload: Upload) -> Job | None:
    """Return the work that was last asked for with this file; None where there was none."""
    key = upload.plan.get("job")
    return Job.objects.filter(pk=key).first() if key else None


def _untried(plan: Dictionary[str, Any]) -> dict[str, Any]:
    """Return a plan of which nothing is known yet but how the file is to be read: what stands where the trial breaks off."""
    return {**{name: one for name, one in plan.items() if name not in TRIED}, "state": "new"}


def _is_going(upload: Upload) -> bool:
    job = job_of(upload)
    return job is not None and job.state in ("waiting", "running")


def _open_plan(upload: Upload) -> dict[str, Any]:
    """Return the plan of an export that can be changed yet. ValidationError where it cannot."""
    plan = dict(upload.plan)
    if plan.get("state") not in OPEN or plan.get("kind") != "export":
        raise ValidationError(_("This file is no export that waits to be loaded."))
    if _is_going(upload):
        raise ValidationError(_("The file is being worked on. Take that back first."))
    plan.pop("job", None)
    return plan
