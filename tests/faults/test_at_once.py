"""Several imports at once: each whole, one after the other; who waits too long is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from stage import HEADER, _city

from rasad.ledger.batches import locked, receipts

RASAD = [sys.executable, "-c", "from rasad.cli import main; main()"]
HURRIED = [sys.executable, "-c", "import rasad.ledger.durable as d; d.PATIENCE = 0.3\nfrom rasad.cli import main; main()"]  # fmt: skip


def command(home: Path, *files: Path, of: list[str] = RASAD, lang: str = "en") -> list[str]:
    return [*of, "--home", str(home), "--lang", lang, "import", "karaj.payments", *map(str, files)]


def files(folder: Path) -> list[Path]:
    made = []
    for month in range(1, 4):
        path = folder / f"{month}.csv"
        path.write_text(
            HEADER + "".join(f"1403/0{month}/{d + 1:02},{d},رایانه,شرکت الف,{d}\n" for d in range(28)),
            "utf-8",
        )
        made.append(path)
    return made


def test_imports_at_once_are_taken_in_one_after_the_other(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _city(home)
    # Two of another file and two of the same.
    one, two, three = files(tmp_path)
    running = [
        subprocess.Popen(command(home, path), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for path in (one, two, three, three)
    ]
    ends = []
    for process in running:
        _, said = process.communicate(timeout=120)
        assert b"Traceback" not in said, said.decode()
        ends.append(process.returncode)
    assert ends[:2] == [0, 0]
    assert sorted(ends[2:]) == [0, 3]
    assert sorted(receipt.file["name"] for receipt in receipts(home)) == ["1.csv", "2.csv", "3.csv"]
    for part in ("classes", "suppliers"):
        assert len(list((home / "ledger" / part).iterdir())) == 3


def test_who_waits_too_long_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    _city(home)
    path = files(tmp_path)[0]
    with locked(home):
        en, fa = (
            subprocess.run(
                command(home, path, of=HURRIED, lang=lang), check=False, capture_output=True, text=True
            )
            for lang in ("en", "fa")
        )
    assert (en.returncode, "another import" in en.stderr) == (1, True), en.stderr
    assert (fa.returncode, "بارگذاری دیگری" in fa.stderr) == (1, True), fa.stderr
    assert receipts(home) == []
