"""`rasad source`: from unknown files to a mapping that loads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_command_line import run, told

TEXT = "تاریخ,شرح,ذینفع,مبلغ (ریال)\n۱۴۰۳/۵/۱۲,خرید رایانه,شرکت الف,۱۲٬۳۴۵\n1403/13/40,نگهداری,شرکت ب,7\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "payments.csv"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_proposal_is_written_tried_and_loaded(tmp_path: Path, file: Path) -> None:
    home = tmp_path / "karaj"
    assert run("new", "karaj", "--name-fa", "کرج", home=home).returncode == 0
    mapping = home / "sources" / "payments.toml"
    again = run("source", "propose", file, "--id", "karaj.payments", "-o", mapping)
    assert (again.returncode, "exists already" in again.stderr) == (2, True)
    mapping.unlink()
    done = run("source", "propose", file, "--id", "karaj.payments", "-o", mapping, lang="fa")
    assert done.returncode == 0, done.stderr
    assert "نوشته شد" in done.stdout
    assert "# نخستین نگاشت" in mapping.read_text("utf-8")

    trial = run("source", "test", "karaj.payments", file, home=home)
    assert trial.returncode == 0, trial.stderr
    for said in ("1403-05-12", "خرید رایانه", "12,345", "12,352", "nothing was written", "1403/13/40"):
        assert said in trial.stdout
    assert not (home / "ledger").exists()
    told_ = told(run("source", "test", mapping, file, "--json", "--rows", "1"))
    [of_file] = told_["files"]
    assert of_file["receipt"]["amounts"][0]["in"] == 12_352
    assert [line["amount"] for line in of_file["lines"]] == [12_345]
    assert of_file["problems"][0]["row"] == 3
    assert run("import", "karaj.payments", file, home=home).returncode == 0


def test_a_proposal_as_data_and_on_standard_output(file: Path) -> None:
    data = told(run("source", "propose", file, "--json"))
    assert data["mapping"]["columns"]["supplier_name"] == {"names": ["ذینفع"]}
    assert {"key", "message"} <= set(data["doubts"][0]) if data["doubts"] else True
    assert run("source", "propose", file).stdout == data["toml"]


def test_nothing_to_propose_and_nothing_to_try_end_with_one(tmp_path: Path, file: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("نام,شهر\nعلی,کرج\nرضا,تهران\n", "utf-8")
    none = run("source", "propose", names, lang="fa")
    assert (none.returncode, "ستون مبلغ پیدا نشد" in none.stderr) == (1, True)
    mapping = tmp_path / "m.toml"
    assert run("source", "propose", file, "-o", mapping).returncode == 0
    other = run("source", "test", mapping, names)
    assert (other.returncode, "no row has all the columns that the mapping names" in other.stderr) == (
        1,
        True,
    )
    assert run("source", "propose", file, "--id", "no id").returncode == 1
