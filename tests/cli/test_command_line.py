"""The command line as a person or a script uses it: messages, control totals, exit codes, JSON."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import click
import jsonschema
import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from rasad.cli.main import main
from rasad.cli.main import rasad as group
from rasad.ledger.batches import all_receipts
from rasad.ledger.mapping import load_mapping

FILE = "تاریخ,شرح,ذینفع,مبلغ\n۱۴۰۳/۵/۱۲,خرید رایانه,شرکت الف,۱۲٬۳۴۵\n1403/13/40,نگهداری,شرکت ب,7\n"


def run(*arguments: str | Path, home: Path | None = None, lang: str = "en") -> CompletedProcess[str]:
    """Run `rasad` in this process, with nothing of ours in its environment: to load all libraries anew takes longer than the work."""
    typed = ["rasad", "--lang", lang, *(["--home", str(home)] if home else []), *map(str, arguments)]
    out, err = StringIO(), StringIO()
    with pytest.MonkeyPatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
        patched.setattr(sys, "argv", typed)
        for name in [name for name in os.environ if name.startswith("RASAD_")]:
            patched.delenv(name)
        try:
            main()
            code: Any = 0
        except SystemExit as ended:
            code = ended.code or 0
    return CompletedProcess(typed, int(code), out.getvalue(), err.getvalue())


def run_process(*arguments: str | Path, home: Path | None = None, lang: str = "en") -> CompletedProcess[str]:
    """Run `rasad` in a process of its own."""
    command = [sys.executable, "-m", "rasad", "--lang", lang, *(["--home", str(home)] if home else [])]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RASAD_")}
    return subprocess.run(
        [*command, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=environment,
    )


def told(done: CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home as `rasad new` makes it."""
    home = tmp_path / "karaj"
    done = run("new", "karaj", "--name-fa", "کرج", "--residents", "2000000", home=home)
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "payments.csv"
    path.write_text(FILE, "utf-8")
    return path


def commands(command: click.Command, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        inside = {name: command.get_command(context, name) for name in command.list_commands(context)}
        return [found for name, inner in inside.items() if inner for found in commands(inner, (*path, name))]
    return [path]


@pytest.mark.parametrize("path", commands(group), ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...]) -> None:
    context = click.Context(group, info_name="rasad")
    command: click.Command = group
    for name in path:
        assert isinstance(command, click.Group)
        inner = command.get_command(context, name)
        assert inner is not None
        command = inner
        context = click.Context(command, info_name=name, parent=context)
    text = command.get_help(context)
    assert "Example" in text
    assert "rasad " in text.partition("Example")[2]
    assert "--json" in text
    assert command.help


def test_a_new_home_explains_itself(home: Path) -> None:
    mapping = load_mapping(home / "sources" / "payments.toml")
    assert mapping.id == "karaj.payments"
    assert "کرج" in (home / "city.toml").read_text("utf-8")
    again = run("new", "karaj", home=home)
    assert again.returncode == 2
    assert "city.toml" in again.stderr


def test_an_import_says_its_control_totals(home: Path, file: Path) -> None:
    done = run_process("import", "karaj.payments", file, "--json", home=home)
    assert done.returncode == 0, done.stderr
    (receipt,) = told(done)["loaded"]
    assert receipt["rows"] == {"in": 2, "stored": 1, "set_aside": 0, "quarantined": 1}
    (totals,) = receipt["amounts"]
    assert (totals["in"], totals["stored"], totals["quarantined"]) == (12352, 12345, 7)
    shown = run("batches", home=home, lang="fa")
    assert "۱۲٬۳۴۵" in shown.stdout
    assert "قرنطینه" in shown.stdout
    assert f"دستهٔ {receipt['batch'][:8]}" in shown.stdout
    wrong = run("quarantine", "list", "ffff", home=home)
    assert (wrong.returncode, "rasad batches" in wrong.stderr) == (2, True)


def test_a_new_home_counts_payments_that_only_begin_like_a_total(home: Path, tmp_path: Path) -> None:
    rows = ["جمع‌آوری پسماند محله,1403/01/05,100", "جمع آوري زباله,1403/01/06,20", "جمع,,120", "جمع کل,,120"]
    file = tmp_path / "payments.csv"
    file.write_text("\n".join(["شرح,تاریخ,مبلغ", *rows]), "utf-8")
    (receipt,) = told(run("import", "karaj.payments", file, "--json", home=home))["loaded"]
    assert receipt["rows"] == {"in": 4, "stored": 2, "set_aside": 2, "quarantined": 0}
    assert receipt["amounts"][0]["stored"] == 120


def test_a_proposal_takes_the_place_of_the_mapping_to_start_from_where_asked(home: Path, file: Path) -> None:
    mapping = home / "sources" / "payments.toml"
    before = mapping.read_text("utf-8")
    asked = ("source", "propose", file, "--id", "karaj.payments", "-o", mapping)
    refused = run(*asked, home=home)
    assert (refused.returncode, mapping.read_text("utf-8")) == (2, before)
    assert "--replace" in refused.stderr
    assert run(*asked, "--replace", home=home).returncode == 0
    assert mapping.read_text("utf-8") != before
    assert load_mapping(mapping).id == "karaj.payments"
    assert run("import", "karaj.payments", file, home=home).returncode == 0


def test_the_same_file_again_has_its_own_exit_code(home: Path, file: Path) -> None:
    run("import", "karaj.payments", file, home=home)
    again = run("import", "karaj.payments", file, home=home)
    assert again.returncode == 3
    assert "was loaded before" in again.stderr
    assert len(all_receipts(home)) == 1


@pytest.mark.parametrize(
    ("lang", "content", "says"),
    [
        ("en", None, "no such file"),
        ("fa", b"", "خالی"),
        ("en", b"%PDF-1.4", "PDF"),
        ("fa", "الف,ب\n1,2\n".encode(), "تاریخ"),
    ],
)
def test_bad_input_is_said_in_the_users_language_and_writes_nothing(
    home: Path, tmp_path: Path, lang: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)
    done = run("import", "karaj.payments", path, home=home, lang=lang)
    assert done.returncode == 1
    assert says in done.stderr
    assert "bad.csv" in done.stderr
    assert "Traceback" not in done.stderr
    assert all_receipts(home) == []


def test_wrong_use_says_what_there_is(home: Path, file: Path, tmp_path: Path) -> None:
    unknown = run("import", "karaj.budget", file, home=home)
    assert unknown.returncode == 2
    assert "karaj.payments" in unknown.stderr
    nowhere = run("batches", home=tmp_path / "nowhere")
    assert nowhere.returncode == 2
    assert run("no-such-command").returncode == 2


def test_an_import_says_the_first_rejected_rows_and_of_these_never_that_they_stand(
    home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "p.csv"
    rows = "".join(f"1403/13/{day},میز,شرکت الف,14003123456,7\n" for day in range(10, 20))
    path.write_text(f"تاریخ,شرح,ذینفع,شناسه ملی,مبلغ\n1403/05/12,میز,شرکت الف,14003123456,5\n{rows}", "utf-8")
    done = run("import", "karaj.payments", path, home=home, lang="fa")
    assert done.returncode == 0, done.stderr
    first, *_, stands = done.stderr.strip().splitlines()
    assert (
        first
        == "p.csv، ردیف ۳، ستون «تاریخ»: «1403/13/10» تاریخی از این تقویم نیست؛ انتظار می‌رفت: ماهی از ۱ تا ۱۲"
    )
    assert done.stderr.count("تاریخی از این تقویم نیست") == 5
    assert "rasad quarantine list" in done.stderr
    assert stands.startswith("p.csv، ردیف ۲، ستون «شناسه ملی»")
    assert done.stderr.count("ردیف معتبر است") == 1


def test_quarantined_rows_come_out_with_their_reasons(home: Path, file: Path, tmp_path: Path) -> None:
    run("import", "karaj.payments", file, home=home)
    listed = run("quarantine", "list", home=home, lang="fa")
    assert "1403/13/40" in listed.stdout
    (receipt,) = all_receipts(home)
    out = tmp_path / "rejected.csv"
    done = run("quarantine", "export", receipt.batch[:6], "-o", out, home=home)
    assert done.returncode == 0, done.stderr
    text = out.read_text("utf-8-sig")
    assert "1403/13/40,نگهداری,شرکت ب,7" in text
    assert "no date" in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["fa", "en"])
def test_rejected_rows_are_put_right_and_loaded_again(
    home: Path, file: Path, tmp_path: Path, kind: str, lang: str
) -> None:
    run("import", "karaj.payments", file, home=home)
    (first,) = all_receipts(home)
    out = tmp_path / f"rejected.{kind}"
    done = run("quarantine", "export", first.batch[:6], "-o", out, home=home, lang=lang)
    assert done.returncode == 0, done.stderr
    untouched = run("quarantine", "load", first.batch[:6], out, home=home, lang=lang)
    assert untouched.returncode == 3
    if kind == "csv":
        out.write_text(out.read_text("utf-8-sig").replace("1403/13/40", "1403/12/4"), "utf-8")
    else:
        with CalamineWorkbook.from_path(str(out)) as book:
            rows = book.get_sheet_by_index(0).to_python()
        with xlsxwriter.Workbook(str(out)) as changed:
            page = changed.add_worksheet()
            for number, row in enumerate(rows):
                page.write_row(number, 0, ["1403/12/4" if cell == "1403/13/40" else cell for cell in row])
    # By its own command in one language, and as any other import in the other.
    arguments = (
        ("quarantine", "load", first.batch[:6], out) if lang == "en" else ("import", "karaj.payments", out)
    )
    loaded = told(run(*arguments, "--json", home=home, lang=lang))["loaded"]
    assert [one["supersedes"] for one in loaded] == [[first.batch]]
    assert loaded[0]["rows"] == {"in": 2, "stored": 2, "set_aside": 0, "quarantined": 0}
    assert loaded[0]["corrections"][0]["rows"] == [["", 3]]
    empty = run("quarantine", "list", "--json", home=home)
    assert told(empty) == []
    again = run("quarantine", "load", first.batch, out, home=home, lang=lang)
    assert again.returncode == 3
    assert len(told(run("batches", "--json", home=home))) == 1


def test_what_was_put_right_is_told_with_the_amounts(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("تاریخ,شرح,ذینفع,مبلغ\n1403/5/12,خرید,الف,100\n1403/5/13,خرید,ب,صد\n", "utf-8")
    run("import", "karaj.payments", path, home=home)
    (first,) = all_receipts(home)
    out = tmp_path / "rejected.csv"
    run("quarantine", "export", first.batch, "-o", out, home=home)
    out.write_text(out.read_text("utf-8-sig").replace("ب,صد", "ب,50"), "utf-8")
    done = run("quarantine", "load", first.batch, out, "--by", "احمدی", home=home)
    assert done.returncode == 0, done.stderr
    assert f"1 row of batch {first.batch} is put right; wrong yet: 0." in done.stdout
    assert (
        "came to 100 (cells unreadable: 1); put right it comes to 150 (cells unreadable: 0; difference 50)"
        in done.stdout
    )


def test_a_newer_export_asks_and_is_answered(home: Path, file: Path, tmp_path: Path) -> None:
    run("import", "karaj.payments", file, home=home)
    (first,) = all_receipts(home)
    newer = tmp_path / "newer.csv"
    newer.write_text(file.read_text("utf-8") + "1403/6/1,خرید,شرکت پ,5\n", "utf-8")
    asked = run("import", "karaj.payments", newer, home=home, lang="fa")
    assert asked.returncode == 5
    assert "--replace" in asked.stderr
    assert "افزوده" in asked.stdout
    assert "۱۴۰۳/۰۶/۰۱" in asked.stdout
    refused = told(run("import", "karaj.payments", newer, "--json", home=home))["refused"]
    assert refused[0]["batches"] == [first.batch]
    assert refused[0]["comparison"]["lines"] == {
        "old": 1, "new": 2, "same": 1, "moved": 0, "changed": 0, "added": 1, "gone": 0,
    }  # fmt: skip
    shown = run("compare", first.batch[:6], newer, "--json", home=home)
    assert shown.returncode == 4
    [amounts] = told(shown)["amounts"]
    assert (amounts["old"], amounts["added"], amounts["gone"], amounts["new"]) == (12345, 5, 0, 12350)
    both = run("compare", file, newer, "--source", "karaj.payments", "--json", home=home)
    assert told(both)["amounts"] == [amounts]
    assert run("compare", file, newer, home=home).returncode == 2
    assert run("compare", file, file, "--source", "karaj.payments", home=home).returncode == 0
    assert run("import", "karaj.payments", newer, "--replace", "--add", home=home).returncode == 2
    assert len(all_receipts(home)) == 1
    taken = told(run("import", "karaj.payments", newer, "--replace", "--json", home=home))["loaded"]
    assert taken[0]["supersedes"] == [first.batch]
    third = tmp_path / "third.csv"
    third.write_text(newer.read_text("utf-8").replace("شرکت پ,5", "شرکت پ,6"), "utf-8")
    done = run("import", "karaj.payments", third, "--replace", home=home)
    assert f"third.csv supersedes batch {taken[0]['batch']}." in done.stdout
    assert "in it as they were 1, changed in it 0, gone with a tombstone 1." in done.stdout


def test_further_rows_are_added_and_what_they_repeat_is_told(home: Path, file: Path, tmp_path: Path) -> None:
    run("import", "karaj.payments", file, home=home)
    other = tmp_path / "other.csv"
    other.write_text(file.read_text("utf-8").replace("7", "8"), "utf-8")
    done = run("import", "karaj.payments", other, "--add", home=home)
    assert done.returncode == 0
    assert "1 line says the same" in done.stderr
    assert len(told(run("batches", "--json", home=home))) == 2


def test_a_person_judges_a_line(home: Path, file: Path) -> None:
    run("import", "karaj.payments", file, home=home)
    before = told(run("classify", "report", "--json", home=home))[0]["by_class"]
    assert {share["key"]: share["rows"] for share in before if share["rows"]} == {"hardware": 1}
    (receipt,) = all_receipts(home)
    line = f"{receipt.file['sha256'][:12]}-1-2-paid"
    done = run("classify", "judge", line, "software", "--by", "احمدی", "--why", "فاکتور دیده شد", home=home)
    assert done.returncode == 0, done.stderr
    after = told(run("classify", "report", "--json", home=home))[0]["by_class"]
    assert {share["key"]: share["rows"] for share in after if share["rows"]} == {"software": 1}


def test_a_release_is_built_listed_verified_and_moved(home: Path, file: Path, tmp_path: Path) -> None:
    run("import", "karaj.payments", file, home=home)
    built = told(run("release", "build", "--json", home=home))
    assert (built["number"], built["live"]) == (1, True)
    folder = Path(built["release"])
    assert run("verify", folder).returncode == 0
    run("release", "build", "--no-publish", home=home)
    listed = told(run("release", "list", "--json", home=home))
    assert [(one["number"], one["live"]) for one in listed] == [(1, True), (2, False)]
    assert told(run("release", "publish", "2", "--json", home=home)) == {"number": 2, "live": True}
    assert run("release", "publish", "9", home=home).returncode == 2

    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, copy_function=shutil.copyfile)
    (copy / "data").chmod(0o755)
    (copy / "data" / "line.csv").write_bytes(
        (copy / "data" / "line.csv").read_bytes().replace(b"12345", b"12346")
    )
    done = run("verify", copy, "--json")
    assert done.returncode == 4
    assert any("data/line.csv" in one for one in told(done)["differences"])


def test_the_schema_of_a_mapping_is_a_schema() -> None:
    schema = told(run("schema", "mapping"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "columns" in schema["properties"]
    tables = told(run("schema", "tables", "--json"))
    assert {table["name"] for table in tables} >= {"line", "contract"}


def test_a_demo_again_loads_nothing_and_builds_nothing(releases: Path) -> None:
    done = run_process("demo", "--no-serve", "--home", releases.parent)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in releases.iterdir()) == ["0001", "current"]


def test_the_demo_gives_its_reasons_in_the_citys_language(releases: Path) -> None:
    with closing(sqlite3.connect(releases.parent / "workspace.sqlite3")) as records:
        said = {why for (why,) in records.execute("SELECT why FROM records_auditevent")}
    # Whatever the terminal speaks, the trail of a Persian city is read in Persian; only names of files stay as they are.
    assert {why.partition(" (")[0] for why in said} == {"نمونهٔ نمایشی"}


def test_a_demo_without_its_data_says_what_to_do(tmp_path: Path) -> None:
    done = run_process("demo", "--city", "madrid", "--no-serve", "--home", tmp_path / "m")
    assert done.returncode == 2
    assert "--data" in done.stderr


@pytest.mark.parametrize("lang", ["en", "fa"])
@pytest.mark.parametrize(
    ("name", "text", "said", "code"),
    [
        ("sources/payments.toml", "id = karaj", "payments.toml", 1),
        # Another source's mapping is none of this import's: it is named, and the import goes on.
        ("sources/other.toml", "[[[", "other.toml", 0),
        ("city.toml", "[city", "city.toml", 1),
    ],
)
def test_a_file_of_settings_that_is_no_toml_is_named(
    home: Path, file: Path, lang: str, name: str, text: str, said: str, code: int
) -> None:
    (home / name).write_text(text, "utf-8")
    done = run("import", "karaj.payments", file, home=home, lang=lang)
    assert done.returncode == code
    assert said in done.stderr
    assert "TOML" in done.stderr


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('calendar = "jalali"', 'calendar = "solar"', "city.calendar"),
        ('currency = "IRR"', 'currency = "rial"', "city.currency"),
        ("residents = 2000000", "residents = -1", "city.residents"),
        ('name_fa = "کرج"', "", "city.name_fa"),
    ],
)
def test_a_setting_that_cannot_be_stops_a_release_before_it_is_begun(
    home: Path, file: Path, before: str, after: str, key: str
) -> None:
    run("import", "karaj.payments", file, home=home)
    settings = home / "city.toml"
    assert before in settings.read_text("utf-8")
    settings.write_text(settings.read_text("utf-8").replace(before, after), "utf-8")
    done = run("release", "build", home=home, lang="fa")
    assert done.returncode == 1
    assert key in done.stderr
    assert not list((home / "releases").glob("0*"))


@pytest.mark.parametrize("lang", ["en", "fa"])
def test_a_folder_that_is_no_release_is_said_to_be_none(tmp_path: Path, lang: str) -> None:
    done = run("verify", tmp_path, lang=lang)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr
    assert "manifest.json" in done.stderr


def test_a_sample_city_too_small_is_refused_by_the_command(tmp_path: Path) -> None:
    done = run("sample", tmp_path / "s", "--payments", "1500")
    assert done.returncode == 2
    assert "2000" in done.stderr


def test_serving_loads_nothing_that_reads_files() -> None:
    """A second of every start would go by before the first page: of both sites, for they share the module."""
    told = "import sys, rasad.cli.main, rasad.cli.portal; print(*sorted({'polars', 'pydantic'} & {*sys.modules}))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
