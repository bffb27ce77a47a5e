"""Background work: taken once, told how it goes, taken back, begun again after a crash."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from rasad.actions import cities, jobs, uploads
from rasad.actions.kinds import KINDS, Kind, Task
from rasad.ledger.batches import receipts
from rasad.records.models import Account, AuditEvent, Job

pytestmark = pytest.mark.django_db

MAPPING = """
id = "karaj.payments"
fiscal_year = { from = "date" }
[columns]
date = { names = ["تاریخ"] }
title = { names = ["شرح"] }
[[amounts]]
stage = "paid"
names = ["مبلغ"]
"""
ROWS = "تاریخ,شرح,مبلغ\n1403/05/12,خرید سرور,1200\n1403/05/13,پشتیبانی,300\n"


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """A city's home with one source."""
    settings.HOME = tmp_path
    cities.new_home(
        home=tmp_path, city="karaj", name_fa="کرج", name_en="Karaj", currency="IRR", calendar="jalali", residents=None
    )  # fmt: skip
    (tmp_path / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    return tmp_path


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """A kind of work of the test's own, which says three steps and keeps what it was told."""
    seen: list[Task] = []

    def run(task: Task) -> dict[str, Any]:
        seen.append(task)
        for step in range(3):
            task.progress(f"step {step}", step, 3)
        if task.params.get("fails"):
            raise RuntimeError("a fault of the program")
        return {"steps": 3}

    monkeypatch.setitem(KINDS, "test.steps", Kind("steps", run, "imports.write"))
    return seen


# Writing a sign of life takes a connection of its own, which does not see the test's transaction.
@pytest.fixture(autouse=True)
def no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT", 3600.0)


def import_job(home: Path, account: Account, rows: str = ROWS, **params: Any) -> Job:
    upload = uploads.keep(home=home, name="payments.csv", chunks=[rows.encode()], by=account)
    params = {"upload": str(upload.pk), "source": "karaj.payments", **params}
    return jobs.enqueue(kind="ledger.import", params=params, by=account)


def test_a_file_is_loaded_and_the_job_says_what_came_of_it(home: Path, account: Account) -> None:
    asked = import_job(home, account)
    assert jobs.work(stop=threading.Event(), once=True) == 1
    done = Job.objects.get(pk=asked.pk)
    assert (done.state, done.error, done.attempts) == ("done", "", 1)
    (receipt,) = receipts(home)
    assert done.result == {"batch": receipt.batch, "source": "karaj.payments", "rows": dict(receipt.rows)}
    assert receipt.file["name"] == "payments.csv"
    (event,) = AuditEvent.objects.filter(action="batch.import")
    assert (event.account, event.record_key) == (account, receipt.batch)
    assert (event.after or {})["file_name"] == "payments.csv"
    assert (event.after or {})["rows_stored"] == receipt.rows["stored"] == 2
    assert done.started_at is not None
    assert done.ended_at is not None


def test_a_refused_file_is_said_in_the_language_of_who_asked(home: Path, account: Account) -> None:
    account.language = "fa"
    account.save()
    asked = import_job(home, account, rows="a,b\n1,2\n")
    with translation.override("en"):
        jobs.work(stop=threading.Event(), once=True)
    done = Job.objects.get(pk=asked.pk)
    assert done.state == "failed"
    assert "نزدیک‌ترین آن‌ها ردیف ۱ است" in done.error
    assert receipts(home) == []


def test_loading_a_file_again_fails_unless_a_crash_came_between(home: Path, account: Account) -> None:
    import_job(home, account)
    jobs.work(stop=threading.Event(), once=True)
    again = import_job(home, account)
    jobs.work(stop=threading.Event(), once=True)
    assert Job.objects.get(pk=again.pk).state == "failed"

    # The crash came after the batch was written and before the job was marked: the second beginning finds the work done.
    Job.objects.filter(pk=again.pk).update(state="waiting", attempts=1)
    jobs.work(stop=threading.Event(), once=True)
    assert Job.objects.get(pk=again.pk).state == "done"
    assert len(receipts(home)) == 1
    assert AuditEvent.objects.filter(action="batch.import").count() == 1


def test_work_is_taken_in_the_order_in_which_it_was_asked_for(told: list[Task], account: Account) -> None:
    first, second = (jobs.enqueue(kind="test.steps", params={"n": n}, by=account) for n in (1, 2))
    assert [jobs.take().pk, jobs.take().pk] == [first.pk, second.pk]  # type: ignore[union-attr]
    assert jobs.take() is None


def test_the_same_work_is_not_asked_for_twice(told: list[Task], account: Account) -> None:
    jobs.enqueue(kind="test.steps", params={"n": 1}, by=account)
    with pytest.raises(ValidationError), translation.override("en"):
        jobs.enqueue(kind="test.steps", params={"n": 1}, by=account)
    with pytest.raises(ValidationError):
        jobs.enqueue(kind="no.such", params={}, by=account)


def test_work_that_waits_is_taken_back_and_work_under_way_stops_at_its_next_step(
    told: list[Task], account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = jobs.enqueue(kind="test.steps", params={"n": 1}, by=account)
    assert jobs.cancel(job=waits, by=account).state == "cancelled"

    runs = jobs.enqueue(kind="test.steps", params={"n": 2}, by=account)
    taken = jobs.take()
    assert taken is not None
    jobs.cancel(job=runs, by=account)
    assert jobs.perform(taken).state == "cancelled"
    with pytest.raises(ValidationError):
        jobs.cancel(job=runs, by=account)
    again = jobs.retry(job=Job.objects.get(pk=runs.pk), by=account)
    assert (again.kind, again.params, again.state) == ("test.steps", {"n": 2}, "waiting")


def test_what_a_crash_left_is_begun_again_and_fails_in_the_end(told: list[Task], account: Account) -> None:
    asked = jobs.enqueue(kind="test.steps", params={}, by=account)
    long_ago = timezone.now() - jobs.LEFT_AFTER - timedelta(seconds=1)
    for attempt in range(1, jobs.ATTEMPTS + 1):
        taken = jobs.take()
        assert taken is not None
        assert taken.attempts == attempt
        assert jobs.recover() == 0
        Job.objects.filter(pk=asked.pk).update(beat_at=long_ago)
        assert jobs.recover() == 1
    left = Job.objects.get(pk=asked.pk)
    assert left.state == "failed"
    assert left.error


def test_who_was_taken_for_dead_does_not_write_over_the_second_beginning(
    told: list[Task], account: Account
) -> None:
    jobs.enqueue(kind="test.steps", params={}, by=account)
    slow = jobs.take()
    assert slow is not None
    Job.objects.filter(pk=slow.pk).update(beat_at=timezone.now() - 2 * jobs.LEFT_AFTER)
    jobs.recover()
    second = jobs.take()
    assert second is not None
    assert jobs.perform(slow).state == "running"
    assert jobs.perform(second).state == "done"
    assert [task.again for task in told] == [False, True]


def test_a_worker_that_is_to_end_puts_its_work_back(told: list[Task], account: Account) -> None:
    jobs.enqueue(kind="test.steps", params={}, by=account)
    taken, stop = jobs.take(), threading.Event()
    assert taken is not None
    stop.set()
    back = jobs.perform(taken, stop=stop)
    assert (back.state, back.attempts, back.started_at) == ("waiting", 0, None)


def test_a_fault_ends_the_work_and_not_the_worker(
    told: list[Task], account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    fails = jobs.enqueue(kind="test.steps", params={"fails": True}, by=account)
    jobs.enqueue(kind="test.steps", params={}, by=account)
    assert jobs.work(stop=threading.Event(), once=True) == 2
    said = Job.objects.get(pk=fails.pk)
    assert said.state == "failed"
    assert "RuntimeError" not in said.error


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\بودجه\\۱۴۰۳.xlsx", "۱۴۰۳.xlsx"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("..", "file"),
        ("", "file"),
        ("م" * 300 + ".csv", "م" * 88 + ".csv"),
    ],
)
def test_a_file_keeps_its_name_and_nothing_of_a_path(name: str, plain: str) -> None:
    assert uploads.plain_name(name) == plain


def test_a_file_that_is_too_large_or_empty_leaves_nothing(home: Path, account: Account) -> None:
    for chunks, largest in (([b"123", b"456"], 5), ([], 5)):
        with pytest.raises(ValidationError):
            uploads.keep(home=home, name="x.csv", chunks=chunks, by=account, largest=largest)
    assert [path for path in (home / "uploads").rglob("*") if path.is_file()] == []


def test_a_file_that_was_handed_in_cannot_be_executed(home: Path, account: Account) -> None:
    upload = uploads.keep(home=home, name="x.sh", chunks=[b"#!/bin/sh\n"], by=account)
    assert uploads.path_of(home, upload).stat().st_mode & 0o177 == 0
