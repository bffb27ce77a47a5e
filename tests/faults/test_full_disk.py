"""A disk that is full in earnest: no call is replaced, the system itself refuses to write."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import CITY, HEADER, MAPPING

RASAD = [sys.executable, "-c", "from rasad.cli import main; main()"]
ROWS = 4_000


@pytest.fixture
def payments(tmp_path: Path) -> Path:
    path = tmp_path / "payments.csv"
    rows = (f"1403/01/{i % 28 + 1:02},{i},رایانه {i * 7919},شرکت {i * 104729},{i}\n" for i in range(ROWS))
    path.write_text(HEADER + "".join(rows), "utf-8")
    return path


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 96 kB, where the system lets the test make one."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("only root makes file systems")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def new_city(home: Path) -> Path:
    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text(CITY, "utf-8")
    (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    return home


def take(
    home: Path, file: Path, most: int | None = None, lang: str = "en"
) -> subprocess.CompletedProcess[str]:
    """Import by the command; no file may be larger than `most` bytes."""

    def limited() -> None:
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [*RASAD, "--home", str(home), "--lang", lang, "import", "karaj.payments", str(file)]
    return subprocess.run(command, check=False, capture_output=True, text=True, preexec_fn=limited)


def batch_files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "ledger" / "batches").iterdir())


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_file_system_that_is_full_is_said_and_holds_nothing_of_the_batch(
    small_disk: Path, payments: Path, lang: str
) -> None:
    home = new_city(small_disk / "home")
    done = take(home, payments, lang=lang)
    assert done.returncode == 1
    assert {"en": "the disk is full", "fa": "دیسک پر است"}[lang] in done.stderr
    assert "payments.csv" in done.stderr
    assert "Traceback" not in done.stderr
    assert batch_files(home) == []
    # What is small enough is still taken in.
    payments.write_text(HEADER + "1403/01/01,1,رایانه,شرکت الف,100\n", "utf-8")
    assert take(home, payments).returncode == 0


def test_a_release_on_a_full_disk_is_refused_and_nothing_of_it_is_left(small_disk: Path) -> None:
    home = new_city(small_disk / "home")
    file = small_disk / "p.csv"
    file.write_text(HEADER + "1403/01/01,1,رایانه,شرکت الف,100\n", "utf-8")
    assert take(home, file).returncode == 0
    before = sorted(path.name for path in home.iterdir())
    fill = small_disk / "fill"
    # To the last block, and with a little room, where the table is written and the release is not.
    for room, lang in ((0, "en"), (16_000, "fa")):
        fill.write_bytes(b"")
        free = os.statvfs(small_disk)
        fill.write_bytes(b"0" * (free.f_bavail * free.f_frsize - room))
        command = [*RASAD, "--home", str(home), "--lang", lang, "release", "build"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 1, done.stdout
        assert {"en": "the disk is full", "fa": "دیسک پر است"}[lang] in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
        there = {path.name for path in home.iterdir()} - {"releases", "cache"}
        assert sorted(there) == [name for name in before if name not in ("releases", "cache")]
        assert not list((home / "releases").glob("*"))


def test_a_disk_that_is_full_at_any_size_leaves_all_or_nothing(tmp_path: Path, payments: Path) -> None:
    ends = []
    for most in (0, 1_000, 30_000, 100_000, 2_000_000):
        home = new_city(tmp_path / str(most))
        done = take(home, payments, most)
        assert "Traceback" not in done.stderr, done.stderr
        there = batch_files(home)
        # The batch stands or it does not; its suggestions may be what did not fit.
        assert len(there) in (0, 2)
        assert (done.returncode == 0) <= (len(there) == 2)
        ends.append((done.returncode, len(there)))
        again = take(home, payments)
        assert again.returncode == (3 if there else 0), again.stderr
        assert len(batch_files(home)) == 2
    assert ends[0] == (1, 0)
    assert ends[-1] == (0, 2)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_ledger_that_may_not_be_written_to_is_said(tmp_path: Path, payments: Path) -> None:
    home = new_city(tmp_path / "home")
    home.chmod(0o555)
    done = take(home, payments)
    home.chmod(0o755)
    assert (done.returncode, "may not write" in done.stderr) == (1, True), done.stderr


def test_a_ledger_that_is_no_folder_is_said(tmp_path: Path, payments: Path) -> None:
    home = new_city(tmp_path / "home")
    (home / "ledger").write_text("", "utf-8")
    done = take(home, payments)
    assert (done.returncode, "nothing was changed" in done.stderr) == (1, True), done.stderr
