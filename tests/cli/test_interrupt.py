"""Ctrl-C in the middle of an import: the old state or the new one, exit code 130, and the next import finds nothing in its way."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

RASAD = [sys.executable, "-c", "from rasad.cli import main; main()"]
MAPPING = """
id = "karaj.payments"
fiscal_year = { from = "date" }
[columns]
date = { names = ["تاریخ"] }
title = { names = ["شرح"] }
supplier_name = { names = ["ذی‌نفع"] }
[[amounts]]
stage = "paid"
names = ["مبلغ"]
"""
ROWS = 60_000


@pytest.fixture
def city(tmp_path: Path) -> Path:
    home = tmp_path / "karaj"
    new = [*RASAD, "--home", str(home), "new", "karaj", "--name-fa", "کرج", "--name-en", "Karaj"]
    subprocess.run(new, check=True, capture_output=True)
    (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    with (tmp_path / "p.csv").open("w", encoding="utf-8") as file:
        file.write("تاریخ,شرح,ذی‌نفع,مبلغ\n")
        file.writelines(f"1403/05/12,خرید {i},شرکت {i % 900},{i}\n" for i in range(ROWS))
    return home


@pytest.mark.parametrize("moment", ["reading", "lines", "aside", "now"])
def test_an_import_stopped_by_ctrl_c_leaves_the_old_state_or_the_new(city: Path, moment: str) -> None:
    command = [
        *RASAD,
        "--lang",
        "en",
        "--home",
        str(city),
        "import",
        "karaj.payments",
        str(city.parent / "p.csv"),
    ]
    batches = city / "ledger" / "batches"
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while running.poll() is None and time.monotonic() < deadline:
        names = [path.name for path in batches.iterdir()] if batches.is_dir() else []
        begun = {
            "now": True,
            "reading": batches.parent.is_dir() and batches.is_dir(),
            "lines": any(".parquet" in name for name in names),
            "aside": any(name.endswith(".parquet") and not name.startswith(".") for name in names),
        }
        if begun[moment]:
            break
        time.sleep(0.002)
    if moment == "now":
        time.sleep(0.4)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1].decode()
    # Before Python has read its first own line nothing of Rasad runs yet, and the signal itself ends it.
    assert running.returncode in (130, 0, -signal.SIGINT)
    assert running.returncode < 0 or "Traceback" not in said
    if running.returncode == 130 and moment != "now":
        assert "Stopped. What had ended is kept; nothing is half-written." in said

    # Batch or no batch: a second import says which, and after it there is exactly one, whole.
    loaded = list(batches.glob("[!.]*.json")) if batches.is_dir() else []
    again = subprocess.run(command, check=False, capture_output=True, timeout=120)
    assert again.returncode == (3 if loaded else 0), again.stderr.decode()
    assert len(list(batches.glob("*.json"))) == 1
    assert not [path for path in batches.iterdir() if path.name.startswith(".")]
