"""Work in the background: asked for on a page, done by a worker in a process of its own.

A job that a crash left behind is known by its worker's last sign of life, and is begun again: every kind of work must leave the old state or
the new one, never half of it, and must find out by itself that it was done already (`kinds` says so).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from rasad.actions import switching
from rasad.actions.kinds import KINDS, Task
from rasad.actions.workspace import WorkspaceError
from rasad.ledger.problems import LedgerError
from rasad.records.models import Account, Job

BEAT = 5.0
"""Seconds between a worker's signs of life."""
LEFT_AFTER = timedelta(seconds=30)
"""A running job whose worker gave no sign of life for so long was left by a crash."""
ATTEMPTS = 3
"""How often a job is begun before it counts as failed."""
SAY_EVERY = 0.5
"""Seconds between writes of a job's progress."""
ASKING = 0x7261736164
"""The lock of PostgreSQL under which work is asked for."""
PAUSE = 1.0
"""Seconds that an idle worker waits before it looks again."""

log = logging.getLogger("rasad.worker")


class Cancelled(Exception):
    """Whoever asked for the job does not want it any more."""


class Stopping(Exception):
    """The worker is to end: the job goes back to where it waited."""


def enqueue(*, kind: str, params: dict[str, Any], by: Account | None) -> Job:
    """Ask for work. ValidationError where no such kind of work exists, or the same work waits or runs already."""
    if kind not in KINDS:
        raise ValidationError(_("No kind of work is called “%(kind)s”.") % {"kind": kind})
    with transaction.atomic():
        _one_at_a_time()
        if Job.objects.filter(kind=kind, params=params, state__in=("waiting", "running")).exists():
            raise ValidationError(_("The same work is under way already."))
        return Job.objects.create(kind=kind, params=params, account=by)


def _one_at_a_time() -> None:
    """Let others who ask for work wait until this transaction ends, so that of two who ask for the same at one instant one sees the other's.

    SQLite lets one writer in at a time as it is.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [ASKING])


def cancel(*, job: Job, by: Account | None) -> Job:
    """Take back a job that waits, or ask a running one to stop at its next step. ValidationError where it has ended."""
    with transaction.atomic():
        job = Job.objects.select_for_update().get(pk=job.pk)
        if job.state == "waiting":
            job.state, job.ended_at, job.cancel_asked = "cancelled", timezone.now(), True
        elif job.state == "running":
            job.cancel_asked = True
        else:
            raise ValidationError(_("This work has ended already."))
        job.save(update_fields=["state", "ended_at", "cancel_asked"])
    return job


def retry(*, job: Job, by: Account | None) -> Job:
    """Ask again for work that failed or was cancelled, as a job of its own. ValidationError where it did not fail."""
    if job.state not in ("failed", "cancelled"):
        raise ValidationError(_("Only work that failed or was cancelled is begun again."))
    return enqueue(kind=job.kind, params=job.params, by=by)


def take() -> Job | None:
    """Take the job that waits longest, for this worker alone; None where none waits.

    PostgreSQL skips rows that another worker is taking; SQLite lets one writer in at a time.
    """
    with transaction.atomic():
        job = (
            Job.objects.select_for_update(skip_locked=True)
            .filter(state="waiting")
            .order_by("created_at", "id")
            .first()
        )
        if job is None:
            return None
        now = timezone.now()
        job.state, job.started_at, job.beat_at, job.attempts = "running", now, now, job.attempts + 1
        job.done, job.total, job.doing, job.error = 0, 0, "", ""
        job.save(
            update_fields=["state", "started_at", "beat_at", "attempts", "done", "total", "doing", "error"]
        )
    return job


def recover() -> int:
    """Put jobs that a crash left back to where they waited; after `ATTEMPTS` beginnings they have failed. Return how many were found."""
    now = timezone.now()
    with transaction.atomic():
        left = list(
            Job.objects.select_for_update(skip_locked=True).filter(
                state="running", beat_at__lt=now - LEFT_AFTER
            )
        )
        for job in left:
            if job.cancel_asked:
                job.state, job.ended_at = "cancelled", now
            elif job.attempts < ATTEMPTS:
                job.state, job.started_at, job.beat_at = "waiting", None, None
            else:
                with _language_of(job):
                    job.error = _("It was begun %(count)s times and broke off each time.") % {
                        "count": job.attempts
                    }
                job.state, job.ended_at = "failed", now
            job.save(update_fields=["state", "started_at", "beat_at", "ended_at", "error"])
    return len(left)


def perform(job: Job, *, stop: threading.Event | None = None) -> Job:
    """Do a job that was taken, and write how it ended. Errors of the work end the job, not the worker."""
    stop = stop or threading.Event()
    with _beating(job), _language_of(job):
        try:
            task = Task(Path(settings.HOME), job.params, job.account, job.attempts > 1, _progress(job, stop))
            result = KINDS[job.kind].run(task)
        except Stopping:
            return _end(job, state="waiting", started_at=None, beat_at=None, attempts=F("attempts") - 1)
        except Cancelled:
            return _end(job, state="cancelled", error="")
        except ValidationError as error:
            return _end(job, state="failed", error="\n".join(error.messages))
        except (LedgerError, WorkspaceError) as error:
            return _end(job, state="failed", error=error.message(_))
        except Exception:
            # Whatever it is, the worker goes on: the person is told, and the trace is where the site's faults are.
            log.exception("job %s (%s) failed", job.pk, job.kind)
            return _end(
                job, state="failed", error=_("A fault of the program stopped it; it has been recorded.")
            )
        return _end(job, state="done", result=result)


def work(*, stop: threading.Event, once: bool = False) -> int:
    """Take jobs and do them until told to stop; with `once`, until none waits. Return how many were done."""
    count = 0
    while not stop.is_set():
        try:
            # A connection inside a transaction belongs to whoever opened that.
            if not connection.in_atomic_block:
                close_old_connections()
            recover()
            switching.recover(Path(settings.HOME))
            job = take()
            if job is not None:
                perform(job, stop=stop)
                count += 1
                continue
        except DatabaseError:
            # A database that is away comes back: the worker waits for it.
            log.exception("the database cannot be reached")
            connection.close()
        if once:
            break
        stop.wait(PAUSE)
    return count


def _progress(job: Job, stop: threading.Event) -> Callable[[str, int, int], None]:
    said = 0.0

    def progress(what: str, done: int, total: int) -> None:
        nonlocal said
        if stop.is_set():
            raise Stopping
        now = time.monotonic()
        if now - said < SAY_EVERY and what == job.doing:
            return
        said, job.doing = now, what
        Job.objects.filter(pk=job.pk).update(doing=what[:200], done=done, total=total, beat_at=timezone.now())
        if Job.objects.filter(pk=job.pk, cancel_asked=True).exists():
            raise Cancelled

    return progress


def _end(job: Job, **values: Any) -> Job:
    """Write how a job ended; a job that is not running any more (another worker took it for dead) is left as it is."""
    if values["state"] != "waiting":
        values["ended_at"] = timezone.now()
    Job.objects.filter(pk=job.pk, state="running", attempts=job.attempts).update(doing="", **values)
    return Job.objects.get(pk=job.pk)


@contextmanager
def _beating(job: Job) -> Any:
    """Give signs of life of a job while it is being done, from a thread with a connection of its own."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(BEAT):
                try:
                    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now())
                except DatabaseError:
                    log.warning("no sign of life could be written for job %s", job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"beat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _language_of(job: Job) -> Any:
    with translation.override(job.account.language if job.account else settings.LANGUAGE_CODE):
        yield
