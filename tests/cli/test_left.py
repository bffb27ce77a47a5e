"""Nothing of a folder is passed over in silence: what is left out has its reason, what nobody named is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from rasad.actions.cities import packs
from rasad.actions.left import Left, find_left

SETTINGS = """
[city]
id = "x"
[[city.left]]
files = ["old/*.csv", "codes.csv"]
why_fa = "سال‌های پیش"
why_en = "earlier years"
[[load]]
source = "x.payments"
files = "payments*.csv"
[[records]]
files = "records/*.csv"
"""


def test_files_that_no_entry_takes_in_are_told(tmp_path: Path) -> None:
    pack, data = tmp_path / "pack", tmp_path / "data"
    names = (
        "payments1.csv",
        "records/unit.csv",
        "old/a.csv",
        "codes.csv",
        "stray/b.xlsx",
        "notes.txt",
        ".hidden",
    )
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch()
    pack.mkdir()
    (pack / "city.toml").write_text(SETTINGS, "utf-8")
    named, stray = find_left(pack=pack, data=data)
    assert named == Left(("codes.csv", "old/a.csv"), "سال‌های پیش", "earlier years")
    assert (named.why("fa"), named.why("en")) == ("سال‌های پیش", "earlier years")
    assert stray == Left(("notes.txt", "stray/b.xlsx"))
    for name in ("stray/b.xlsx", "notes.txt", "old/a.csv", "codes.csv"):
        (data / name).unlink()
    assert find_left(pack=pack, data=data) == []


@pytest.mark.realdata
@pytest.mark.parametrize("city", ["madrid", "isfahan", "oxford", "northtyneside"])
def test_every_file_of_a_real_city_is_taken_in_or_left_with_a_reason(realdata: Path, city: str) -> None:
    left = find_left(pack=packs()[city], data=realdata / city)
    assert [one for one in left if not (one.why_fa and one.why_en)] == []
    if city == "madrid":
        files = {file for one in left for file in one.files}
        assert not any(file.startswith("2021/") for file in files)
        assert {"2024/objetivos.csv", "clasificacion_economica.csv"} <= files


def test_the_sample_city_leaves_nothing_without_a_reason(tmp_path: Path) -> None:
    (tmp_path / "truth.json").touch()
    [left] = find_left(pack=packs()["sample"], data=tmp_path)
    assert left.why_fa
    assert left.why_en


@pytest.mark.realdata
def test_the_command_says_what_it_leaves_and_why(realdata: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rasad", "--home", str(tmp_path / "home"), "--lang", "fa"]
    done = subprocess.run(
        [*command, "load", "oxford", str(realdata / "oxford")], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert "datapackage.json" in done.stdout
    assert "ردیفی در آن نیست" in done.stdout
