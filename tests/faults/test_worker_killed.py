"""Workers that are killed, several at once, and `rasad up` that is killed: work is done once, whole, and nothing is left running."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from own_home import OwnHome, first_home, own_home

__all__ = ["first_home", "own_home"]

ASK = """
import json
from rasad.actions import jobs, uploads
from rasad.records.models import Account
account = Account.objects.get()
for name in sys.argv[1:]:
    file = pathlib.Path(name)
    upload = uploads.keep(home=pathlib.Path(os.environ["RASAD_HOME"]), name=file.name, chunks=[file.read_bytes()], by=account)
    jobs.enqueue(kind="ledger.import", params={"upload": str(upload.pk), "source": "karaj.payments"}, by=account)
print(json.dumps(None))
"""
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
ASK_AT_ONCE = """
import json, threading
from django.core.exceptions import ValidationError
from django.db import connection
from rasad.actions import jobs
told, together = [], threading.Barrier(8)
def ask():
    together.wait()
    try:
        jobs.enqueue(kind="release.build", params={}, by=None)
        told.append("heard")
    except ValidationError:
        told.append("refused")
    finally:
        connection.close()
asking = [threading.Thread(target=ask) for _ in range(8)]
for one in asking:
    one.start()
for one in asking:
    one.join()
print(json.dumps({name: told.count(name) for name in ("heard", "refused")}))
"""
LOADED = "select count(*) from records_auditevent where action = 'batch.import'"
STATES = "select state, attempts, error from records_job order by created_at"


@pytest.fixture
def home(own_home: OwnHome) -> OwnHome:
    """A home with one source of its own."""
    (own_home.path / "sources" / "karaj.toml").write_text(MAPPING, "utf-8")
    return own_home


def ask_for(home: OwnHome, folder: Path, files: int, rows: int) -> None:
    names = []
    for number in range(files):
        file = folder / f"p{number}.csv"
        lines = (f"1403/05/{1 + row % 28:02},خرید {number}-{row},{row + number}\n" for row in range(rows))
        file.write_text("تاریخ,شرح,مبلغ\n" + "".join(lines), "utf-8")
        names.append(str(file))
    home.python(ASK, *names)


def batches(home: OwnHome) -> list[Path]:
    folder = home.path / "ledger" / "batches"
    return list(folder.glob("[!.]*.json")) if folder.is_dir() else []


def until(condition: object, seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_work_of_a_killed_worker_is_begun_again_and_done_once(home: OwnHome, tmp_path: Path) -> None:
    ask_for(home, tmp_path, files=1, rows=120_000)
    worker = home.start("worker")
    until(lambda: home.rows(STATES)[0][0] == "running")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    state, attempts, _ = home.rows(STATES)[0]
    assert (state, attempts) == ("running", 1), "killed too late to tell anything"

    # Until some time has passed, a worker takes the other one for alive (tests/actions/test_jobs.py); here the time has passed.
    home.rows("update records_job set beat_at = '2020-01-01 00:00:00+00:00'")
    assert json.loads(home.run("worker", "--once", "--json")) == {"done": 1}
    assert home.rows(STATES) == [("done", 2, "")]
    assert len(batches(home)) == 1
    assert home.rows(LOADED) == [(1,)]


def test_several_workers_take_each_piece_of_work_once(home: OwnHome, tmp_path: Path) -> None:
    ask_for(home, tmp_path, files=6, rows=50)
    workers = [home.start("worker", "--once", "--json", stdout=subprocess.PIPE) for _ in range(2)]
    done = [json.loads(worker.communicate(timeout=120)[0])["done"] for worker in workers]
    assert sum(done) == 6
    assert home.rows(STATES) == [("done", 1, "")] * 6
    assert len(batches(home)) == 6
    assert home.rows(LOADED) == [(6,)]


def test_of_those_who_ask_for_the_same_work_at_one_instant_one_is_heard(home: OwnHome) -> None:
    asked = home.python(ASK_AT_ONCE)
    assert asked == {"heard": 1, "refused": 7}
    assert home.rows("select count(*) from records_job") == [(1,)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _told(pid: int, what: str) -> list[str]:
    return Path(f"/proc/{pid}/{what}").read_text().split("\0")


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGKILL], ids=["ctrl-c", "killed"])
def test_the_site_comes_up_whole_and_goes_whole(home: OwnHome, tmp_path: Path, way: int) -> None:
    portal, workbench = _free_port(), _free_port()
    log = tmp_path / "log"
    with log.open("wb") as said:
        up = home.start(
            *("up", "--portal-port", str(portal), "--workbench-port", str(workbench)),
            stdout=said,
            stderr=said,
        )
    until(lambda: _answers(portal) and _answers(workbench) and "Worker: ready" in log.read_text())
    commands = {pid: _told(pid, "cmdline") for pid in _children(up.pid)}
    assert len(commands) == 3
    # The portal knows neither where the workspace is nor how its database is reached.
    (of_portal,) = (pid for pid, command in commands.items() if "portal" in command)
    own = [one.partition("=")[0] for one in _told(of_portal, "environ") if one.startswith("RASAD_")]
    assert own == ["RASAD_PARENT_PIPE"]
    assert "--home" not in commands[of_portal]

    if way == signal.SIGINT:
        (worker,) = (pid for pid, command in commands.items() if "worker" in command)
        os.kill(worker, signal.SIGKILL)
        until(lambda: log.read_text().count("Worker: ready") == 2)

    everybody = [pid for child in _children(up.pid) for pid in (child, *_children(child))]
    os.kill(up.pid, way)
    up.wait(30)
    assert up.returncode == (0 if way == signal.SIGINT else -signal.SIGKILL)
    until(lambda: not any(_runs(pid) for pid in everybody), 30)
    assert not _answers(portal)
    assert not _answers(workbench)
