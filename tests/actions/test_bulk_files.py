"""Files into the register: what is recognised, what is refused and in which words, and that nothing is half-written."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from python_calamine import CalamineWorkbook
from register_cast import Cast

from rasad.actions import goals, projects, register, units
from rasad.actions.bulk import (
    Imported,
    Wording,
    export_file,
    import_file,
    import_files,
    template_file,
    write_refused,
)
from rasad.actions.bulk.load import import_files as load
from rasad.actions.bulk.problems import ALL, WAY_PROBLEMS, RecordProblem
from rasad.actions.bulk.wording import codes
from rasad.ledger.filled import Ways, names_of
from rasad.ledger.problems import TEMPLATES, FileError
from rasad.records.labels import CHOICES
from rasad.records.models import Account, Asset, AuditEvent, Goal, Project, ProjectGoal, Service, Unit
from rasad.records.problems import RECORD_PROBLEMS
from rasad.records.tables import SHEETS

pytestmark = pytest.mark.django_db


def file(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def told(done: Imported) -> list[tuple[int, str, str, str]]:
    """Row, column, code, found."""
    return [(one.row, one.column, one.code, one.found) for one in done.problems]


def take(path: Path, by: Account | None = None, **how: Any) -> Imported:
    return import_file(path=path, by=by, **how)


# --- What is recognised --------------------------------------------------------------------------------------------


def test_headers_in_any_language_below_titles_in_a_code_page(account: Account, tmp_path: Path) -> None:
    text = "فهرست واحدها;;;;\n;;;;\nكد;نام;گونه;از تاريخ;سازمان فناوري\n309;سازمان فناوري;سازمان;1402/1/1;بله\n310;حراست;office;2023-03-21;no\n"
    done = take(file(tmp_path, "x.csv", text, "windows-1256"), account, why="نخستین بار")
    assert (done.written, told(done), done.count("added")) == (True, [], 2)
    first, second = Unit.objects.order_by("code")
    assert (first.code, first.name, first.kind, first.is_it) == ("309", "سازمان فناوری", "organisation", True)
    assert first.valid_from == second.valid_from == date(2023, 3, 21)
    assert second.kind == "office"
    event = AuditEvent.objects.of(first).get()
    assert (event.action, event.account, event.why, event.change) == (
        "register.import", account, "نخستین بار (x.csv)", done.change,
    )  # fmt: skip


def test_one_workbook_has_many_sheets_in_any_order(account: Account, tmp_path: Path) -> None:
    path = tmp_path / "city.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet("خدمت")
        page.write_row(0, 0, ["کد", "نام", "کد واحد", "هزینه برای شهروند", "code of nothing"])
        page.write_row(1, 0, ["S1", "پروانه", 309, 2_500_000, "?"])
        page = book.add_worksheet("units")
        page.write_row(0, 0, ["code", "name", "parent", "from"])
        page.write_row(1, 0, ["3091", "زیرساخت", "۳۰۹", 45_006])
        page.write_row(2, 0, ["309", "فاوا", "", ""])
    done = take(path, account)
    assert told(done) == []
    assert [(one.noun, one.counts["added"], one.unknown) for one in done.sheets] == [
        ("unit", 2, ()),
        ("service", 1, ("code of nothing",)),
    ]
    service = Service.objects.get()
    assert (service.unit.code, service.fee, service.is_active) == ("309", 2_500_000, True)
    child = Unit.by_key("3091")
    assert (child.parent, child.valid_from) == (service.unit, date(2023, 3, 21))


def test_amounts_are_read_in_the_citys_currency(cast: Cast, tmp_path: Path) -> None:
    path = file(
        tmp_path, "asset.csv", 'tag,name,kind,price\nA1,Rack,server,"1,234.50"\nA2,Disk,storage,12.505\n'
    )
    done = take(path, ways=Ways(minor_digits=2, calendar="gregorian"), valid_only=True)
    assert told(done) == [(3, "price", "amount", "12.505")]
    assert Asset.objects.get().price == 123_450
    export_file(nouns=["asset"], path=tmp_path / "out.csv", wording=Wording("en", minor_digits=2))
    assert "1234.5" in (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()[1].split(",")


def test_an_empty_cell_empties_and_a_missing_column_leaves(cast: Cast, tmp_path: Path) -> None:
    register.change(record=cast.unit, values={"name_en": "IT", "note": "x"}, seen=1, by=cast.by)
    done = take(file(tmp_path, "unit.csv", "code,note\n309,\n"), cast.by)
    assert (done.count("changed"), done.count("added")) == (1, 0)
    unit = Unit.by_key("309")
    assert (unit.note, unit.name_en, unit.is_it) == ("", "IT", True)


# --- What is refused -----------------------------------------------------------------------------------------------


BAD = """code,title,unit,kind,status,approved_on,ended_on,self_rating,merged_into
P2,ok,309,study,running,,,,
P3,,309,study,running,,,,
P4,x,999,study,running,,,,
P5,x,309,روشن,running,,,,
P6,x,309,study,running,1402/13/1,,,
P7,x,309,study,running,,1402/1/1,,
P8,x,309,study,closed,,,,
P2,again,309,study,running,,,,
P9,x,309,study,merged,,,,P10
P10,x,309,study,merged,,,,P9
,x,309,study,running,,,,
"""


def test_every_wrong_cell_is_named_and_nothing_is_written(cast: Cast, tmp_path: Path) -> None:
    before = AuditEvent.objects.count()
    done = take(file(tmp_path, "projects.csv", BAD), cast.by)
    assert not done.written
    assert told(done) == [
        (3, "title", "required", ""),
        (4, "unit", "unknown_key", "999"),
        (5, "kind", "choice", "روشن"),
        (6, "approved_on", "date", "1402/13/1"),
        (7, "ended_on", "not_ended", "running"),
        (8, "closing_report", "report_missing", ""),
        (9, "", "twice", ""),
        (10, "merged_into", "cycle", "P9"),
        (11, "merged_into", "cycle", "P10"),
        (12, "code", "required", ""),
    ]
    assert Project.objects.count() == 1
    assert AuditEvent.objects.count() == before
    persian = done.problems[1].message(lambda text: translation.gettext(text))
    assert persian.startswith("projects.csv")
    assert "999" in persian
    assert "row 4" in done.problems[1].message()


def test_the_valid_rows_go_in_and_the_others_come_back_as_a_file(cast: Cast, tmp_path: Path) -> None:
    done = take(file(tmp_path, "projects.csv", BAD), cast.by, valid_only=True)
    assert (done.written, done.count("added"), done.count("refused")) == (True, 1, 10)
    assert Project.by_key("P2").title == "ok"
    for name in ("back.csv", "back.xlsx"):
        path = tmp_path / name
        assert write_refused(done=done, path=path, translate=translation.gettext, rtl=True) == 10
        again = take(path, cast.by)
        # The same rows, the same problems: but P2 is there now, and so it is changed.
        assert [one.code for one in again.problems] == [
            one.code for one in done.problems if one.code != "twice"
        ]
    header, first, *_ = csv.reader((tmp_path / "back.csv").read_text("utf-8-sig").splitlines())
    assert header[-1] == "rasad_problems"
    assert first[0] == "P3"
    assert "projects.csv" in first[-1]


def test_a_row_falls_with_the_row_that_it_names(account: Account, tmp_path: Path) -> None:
    text = "code,name,parent,kind\n1,یک,,شهر\n11,یازده,1,office\n111,صد,11,office\n2,دو,,office\n"
    done = take(file(tmp_path, "unit.csv", text), account, valid_only=True)
    assert [(row, code) for row, _, code, _ in told(done)] == [(2, "choice"), (3, "depends"), (4, "depends")]
    assert "unit.csv, 2" in done.problems[1].expected
    assert list(Unit.objects.values_list("code", flat=True)) == ["2"]


def test_what_cannot_stand_together_is_named_row_by_row(cast: Cast, tmp_path: Path) -> None:
    projects.open_project(code="P2", title="دوم", unit=cast.unit, by=cast.by)
    text = "project,goal,weight_bp\nP1,G1,7000\nP1,G2,2000\nP2,G1,10000\n"
    path = file(tmp_path, "project_goal.csv", text)
    done = take(path, cast.by)
    assert [(one.row, one.code, one.found) for one in done.problems] == [
        (2, "weights_sum", "9000"),
        (3, "weights_sum", "9000"),
    ]
    assert not ProjectGoal.objects.exists()
    assert take(path, cast.by, valid_only=True).count("added") == 1
    assert ProjectGoal.objects.get().project.code == "P2"


def test_a_projects_goals_are_said_as_a_whole(cast: Cast, tmp_path: Path) -> None:
    first, second = cast.goals
    projects.set_goals(project=cast.project, weights={first: 5_000, second: 5_000}, seen=None, by=cast.by)
    done = take(file(tmp_path, "project_goal.csv", "project,goal,weight_bp\nP1,G2,10000\n"), cast.by)
    assert (done.count("changed"), done.count("removed")) == (1, 1)
    assert list(ProjectGoal.objects.values_list("goal__code", "weight_bp")) == [("G2", 10_000)]


def test_joints_leave_where_a_file_says_so_and_records_do_not(cast: Cast, tmp_path: Path) -> None:
    goals.set_indicators(goal=cast.goals[0], indicators=[cast.indicator], seen=None, by=cast.by)
    path = file(tmp_path, "goal_indicator.csv", "goal,indicator,rasad_remove\nG1,I1,بله\n")
    done = take(path, cast.by)
    assert done.count("removed") == 1
    assert not cast.indicator.goals.exists()
    assert [code for _, _, code, _ in told(take(path, cast.by))] == ["not_there"]
    path = file(tmp_path, "unit.csv", "code,rasad_remove\n309,yes\n")
    assert [code for _, _, code, _ in told(take(path, cast.by))] == ["stays"]


def test_a_file_does_not_overwrite_what_was_written_after_it(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "unit.csv"
    export_file(nouns=["unit"], path=path, wording=Wording("fa"))
    units.change_unit(unit=cast.unit, seen=1, note="تلفنی", by=cast.by)
    done = take(path, cast.by)
    assert [(row, code) for row, _, code, _ in told(done)] == [(2, "stale")]
    assert cast.by.name in done.problems[0].message()
    # What somebody else wrote is what the file says too: no harm.
    units.change_unit(unit=Unit.by_key("309"), seen=2, note="", by=cast.by)
    assert take(path, cast.by).count("unchanged") == 1


def test_a_tree_can_be_turned_around_in_one_file(cast: Cast, tmp_path: Path) -> None:
    goals.add_goal(code="G11", title="زیر", parent=cast.goals[0], by=cast.by)
    text = "code,parent,weight_bp,title\nG1,G0,1000,یک\nG11,,0,یازده\nG2,G11,9000,دو\nG0,G11,1000,صفر\n"
    done = take(file(tmp_path, "goal.csv", text), cast.by)
    assert told(done) == []
    assert dict(Goal.objects.values_list("code", "parent__code")) == {
        "G1": "G0", "G11": None, "G2": "G11", "G0": "G11",
    }  # fmt: skip
    text = "code,parent\nG11,G1\n"
    done = take(file(tmp_path, "goal.csv", text), cast.by)
    assert [(row, code) for row, _, code, _ in told(done)] == [(2, "cycle")]


def test_a_deep_tree_is_no_trouble(account: Account, tmp_path: Path) -> None:
    rows = "".join(f"{n},x,{n + 1},office\n" for n in range(200, 0, -1))
    done = take(file(tmp_path, "unit.csv", f"code,name,parent,kind\n201,x,,office\n{rows}"), account)
    assert done.count("added") == 201


def test_what_the_database_alone_refuses_is_named_too(cast: Cast, tmp_path: Path) -> None:
    text = "code,number,title,state,conditions,parts\n" + "".join(
        f'R1,{number},x,in_force,"{{""contracts"": [""5""]}}","[{{""project"": ""P1"", ""share_bp"": 1}}]"\n'
        for number in (1, 2)
    )
    done = take(file(tmp_path, "allocation_rule.csv", text), cast.by, valid_only=True)
    assert done.count("added") == 1
    [(row, _, code, _)] = told(done)
    assert (row, code in ALL) == (3, True)


def test_checking_writes_nothing(cast: Cast, tmp_path: Path) -> None:
    before = AuditEvent.objects.count()
    done = take(
        file(tmp_path, "unit.csv", "code,name,kind\n310,حراست,office\n309,نو,office\n"), check_only=True
    )
    assert (done.written, done.count("added"), done.count("changed")) == (False, 1, 1)
    assert (Unit.objects.count(), AuditEvent.objects.count()) == (1, before)
    done = take(file(tmp_path, "goal.csv", "code,title,weight_bp\nG3,x,1\n"), check_only=True)
    assert [code for _, _, code, _ in told(done)] == ["siblings_exceed"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("x.csv", "a,b\n1,2\n", "sheet_unknown"),
        ("unit.csv", "code,name,code,kind\n1,2,3,4\n", "column_twice"),
        ("x.csv", "code,name,kind\n1,x,office\n", "sheet_either"),
        ("x.csv", "", "file_empty"),
        ("x.pdf", "%PDF-1.7", "file_kind"),
    ],
)
def test_files_that_are_none(db: None, tmp_path: Path, name: str, text: str, code: str) -> None:
    with pytest.raises(FileError) as error:
        take(file(tmp_path, name, text))
    assert error.value.problem.code == code
    assert "%(" not in error.value.message(translation.gettext)


def test_the_noun_can_be_said(cast: Cast, tmp_path: Path) -> None:
    done = take(file(tmp_path, "x.csv", "project,number,title,due\nP1,1,آغاز,1402/1/1\n"), noun="milestone")
    assert (done.sheets[0].noun, done.count("added")) == ("milestone", 1)


def test_several_files_are_one_change(cast: Cast, tmp_path: Path) -> None:
    paths = [
        file(tmp_path, "reading.csv", "indicator,period_start,period_end,value,quality\nI2,1402/1/1,1402/12/29,12.5,measured\n"),
        file(tmp_path, "indicator.csv", "code,title,direction,frequency\nI2,x,up,yearly\n"),
    ]  # fmt: skip
    done = import_files(paths=paths, by=cast.by)
    assert told(done) == []
    assert AuditEvent.objects.filter(change=done.change).count() == 2
    assert register.find(noun="indicator", key={"code": "I2"}).readings.get().value == Decimal("12.5")  # type: ignore[attr-defined]


# --- Templates and words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "en", "names"])
def test_a_template_is_recognised_and_tells_every_column(db: None, tmp_path: Path, language: Any) -> None:
    path = tmp_path / "all.xlsx"
    nouns = [sheet.name for sheet in SHEETS]
    template_file(nouns=nouns, path=path, wording=Wording(language))
    done = load(paths=[path], by=None)
    assert [(one.noun, one.rows, one.unknown) for one in done.sheets] == [(noun, 0, ()) for noun in nouns]
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(len(nouns)).to_python()
    assert len(rows) == 2 + sum(len(sheet.table.columns) for sheet in SHEETS)
    assert all(row[4] for row in rows[2:] if row[2] in ("kind", "state", "unit", "date"))
    template_file(nouns=["unit"], path=tmp_path / "unit.csv", wording=Wording(language))
    assert load(paths=[tmp_path / "unit.csv"], by=None).sheets[0].noun == "unit"
    with pytest.raises(FileError):
        template_file(nouns=nouns, path=tmp_path / "all.csv", wording=Wording(language))


def test_no_two_columns_or_choices_are_called_the_same() -> None:
    for sheet in SHEETS:
        texts = {(one.name, text) for one in sheet.table.columns for text in (one.name, one.fa, one.en)}
        assert all(names_of(sheet.table)[_key(text)] == name for name, text in texts), sheet.name
    for model, field in CHOICES:
        known = codes(model, field)
        assert all(known[_key(code)] == code for code in CHOICES[model, field])
        for language in ("fa", "en"):
            names = [Wording(language).choice(model, field, code) for code in CHOICES[model, field]]  # type: ignore[arg-type]
            assert [known[_key(name)] for name in names] == list(CHOICES[model, field])


def _key(text: str) -> str:
    from rasad.persian.text import search_key

    return search_key(text)


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_problem_has_its_message_in_both_languages(language: str) -> None:
    assert len(ALL) == len(TEMPLATES) + len(RECORD_PROBLEMS) + len(WAY_PROBLEMS)
    with translation.override(language):
        for code in (*RECORD_PROBLEMS, *WAY_PROBLEMS):
            problem = RecordProblem(code, "f.xlsx", "برگ", 3, "c", "چ", "م")
            said = problem.message(translation.gettext)
            assert "%(" not in said
            assert "f.xlsx" in said
            assert (said == problem.message()) == (language == "en")


def test_a_row_longer_than_its_header_is_not_cut(db: None, tmp_path: Path) -> None:
    done = take(file(tmp_path, "unit.csv", "code,name,kind\n1,x,office,more\n"))
    assert [(row, code) for row, _, code, _ in told(done)] == [(2, "row_long")]
