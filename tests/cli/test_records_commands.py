"""`rasad records` as a person or a script uses it."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rasad.actions import cities


def run(
    home: Path, *arguments: str | Path, lang: str = "en", typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `rasad` in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RASAD_")}
    return subprocess.run(
        [sys.executable, "-m", "rasad", "--lang", lang, "--home", str(home), *map(str, arguments)],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )


def told(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with its workspace."""
    home = tmp_path_factory.mktemp("records") / "karaj"
    cities.new_home(
        home=home,
        city="karaj",
        name_fa="کرج",
        name_en="Karaj",
        currency="IRR",
        calendar="jalali",
        residents=None,
    )
    person = ("--email", "zahra@example.org", "--name", "Zahra", "--password-stdin")
    done = run(home, "init", *person, typed="a long enough password\n")
    assert done.returncode == 0, done.stderr
    return home


def test_the_first_account_has_its_reason_in_the_citys_language(home: Path) -> None:
    with closing(sqlite3.connect(home / "workspace.sqlite3")) as records:
        said = records.execute("SELECT DISTINCT why FROM records_auditevent WHERE action = 'account.add'")
        assert list(said) == [("نخستین حساب سامانه",)]


def test_the_register_goes_in_and_out_and_in(home: Path, tmp_path: Path) -> None:
    units = tmp_path / "unit.csv"
    units.write_text(
        "code,name,kind,parent\n309,سازمان فناوری,organisation,\n3091,زیرساخت,office,309\n", "utf-8"
    )
    projects = tmp_path / "projects.csv"
    projects.write_text(
        "code,title,unit,kind,status\nP1,=کارت,۳۰۹,new_system,running\nP2,x,999,روشن,running\n", "utf-8"
    )
    refused = run(home, "records", "import", projects, units, "--json")
    assert refused.returncode == 1
    assert not told(refused)["written"]
    assert [(one["row"], one["column"], one["code"]) for one in told(refused)["problems"]] == [
        (3, "unit", "unknown_key"),
        (3, "kind", "choice"),
    ]
    back = tmp_path / "back.csv"
    options = ("--valid-only", "--refused", back, "--by", "Zahra@example.org", "--why", "آغاز")
    partly = run(home, "records", "import", units, projects, *options, lang="fa")
    assert partly.returncode == 4, partly.stderr
    assert "projects.csv، ردیف 3" in partly.stderr
    assert "999" in back.read_text("utf-8-sig")
    out = tmp_path / "register.xlsx"
    written = told(run(home, "records", "export", "-o", out, "--json"))
    assert (written["records"]["unit"], written["records"]["project"]) == (2, 1)
    again = run(home, "records", "import", out)
    assert again.returncode == 3, again.stderr
    printed = run(home, "records", "export", "project", "--headers", "names")
    [row] = csv.DictReader(printed.stdout.removeprefix("\ufeff").splitlines())
    assert (row["title"], row["rasad_version"]) == ("'=کارت", "1")


def test_a_template_and_a_check(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "goals.csv"
    assert run(home, "records", "template", "goal", "-o", path, lang="fa").returncode == 0
    header = path.read_text("utf-8-sig").strip()
    path.write_text(f"{header}\nG1,شهر الکترونیک,,,,,,,,,,\n", "utf-8")
    checked = run(home, "records", "import", path, "--check", "--json")
    assert (checked.returncode, told(checked)["sheets"][0]["added"]) == (0, 1)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["export"], 2, "Name one noun"),
        (["import", "nowhere.csv", "--profile", "excel"], 2, "glpi, snipe_it"),
    ],
)
def test_wrong_use_is_said(home: Path, arguments: list[str], code: int, said: str) -> None:
    done = run(home, "records", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_without_a_workspace_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, "records", "nouns")
    assert done.returncode == 1
    assert "init" in done.stderr
