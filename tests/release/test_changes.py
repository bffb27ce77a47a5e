"""What a release changed against the one before, of the real builder, against a comparison of the open files line by line."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from rasad.actions.batches import import_file, load_city
from rasad.actions.cities import packs, start_home
from rasad.actions.releases import build_release
from rasad.ledger.classify.judgements import judge
from rasad.ledger.mapping import parse_mapping
from rasad.release.reader import KINDS, Changes, Filters, Part, changes_of, open_release, steps
from rasad.release.reader import changes as changing
from rasad.sample import generate

Line = dict[str, str]
SUBSTANCE = (
    "origin fiscal_year date as_of amount unit_code unit programme_code programme economic_code economic place nature tree_code title "
    "document_no contract_no label source supplier supplier_name class mode"
).split()
SUBJECTS = {
    "the whole city": Filters(),
    "a class": Filters(cls="hardware"),
    "a class at a stage": Filters(cls="software", stage="paid", book="payments"),
    "IT": Filters(it_only=True),
    "a year": Filters(year=1402),
    "persons": Filters(supplier="person"),
    "words": Filters(q="خرید"),
    "revenue": Filters(flow="revenue"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two releases: the second has one more year of payments, and people judged some lines of the first."""
    files = tmp_path_factory.mktemp("files")
    generate(files, payments=2_000)
    pack = packs()["sample"]
    home = start_home(home=tmp_path_factory.mktemp("changes"), pack=pack)
    late = next(path for path in sorted(files.glob("payments_*")) if "1402" in path.name)
    aside = shutil.move(late, files.parent / late.name)
    list(load_city(home=home, pack=pack, data=files))
    build_release(home=home, now=datetime(2025, 4, 1, tzinfo=UTC))
    judged = [line for line in lines_of(home / "releases" / "0001").values() if line["class"] == "hardware"][
        :7
    ]
    for line in judged:
        judge(
            home=home,
            line_id=line["line_id"],
            cls="software",
            mode="change",
            by="مینا",
            why="قرارداد را دیدم",
        )
    shutil.move(aside, late)
    list(load_city(home=home, pack=pack, data=files))
    build_release(home=home, now=datetime(2025, 7, 1, tzinfo=UTC))
    return home


def lines_of(release: Path) -> dict[str, Line]:
    with (release / "data" / "line.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["line_id"]: row for row in csv.DictReader(file)}


def meant(line: Line | None, filters: Filters) -> bool:
    """Say, without SQL, whether filters mean a line."""
    if line is None:
        return False
    wanted = {
        "flow": filters.flow, "stage": filters.stage, "book": filters.book, "class": filters.cls, "supplier": filters.supplier,
        "fiscal_year": str(filters.year) if filters.year else None,
    }  # fmt: skip
    if any(value is not None and line[name] != value for name, value in wanted.items()):
        return False
    if filters.it_only and line["class"] in ("not_it", "unknown"):
        return False
    return not filters.q or any(word.startswith(filters.q) for word in line["title_key"].split())


def expected(home: Path, filters: Filters) -> dict[tuple[str, str, str, int], dict[str, list[int]]]:
    """Compare the two open files: (flow, book, stage, year) → kind → [lines, amount]. Every line of this home keeps its id."""
    old, new = (lines_of(home / "releases" / name) for name in ("0001", "0002"))
    found: dict[tuple[str, str, str, int], dict[str, list[int]]] = defaultdict(
        lambda: {kind: [0, 0] for kind in KINDS}
    )

    def count(line: Line, kind: str, amount: int) -> None:
        cell = found[line["flow"], line["book"], line["stage"], int(line["fiscal_year"])][kind]
        cell[0], cell[1] = cell[0] + 1, cell[1] + amount

    for key in old.keys() | new.keys():
        a, b = old.get(key), new.get(key)
        if a and b and all(a[name] == b[name] for name in SUBSTANCE):
            continue
        before, after = meant(a, filters), meant(b, filters)
        if a and b and before and after:
            count(b, "changed", int(b["amount"]) - int(a["amount"]))
        elif b and after:
            count(b, "entered" if a else "added", int(b["amount"]))
        elif a and before:
            count(a, "left" if b else "gone", int(a["amount"]))
    return dict(found)


def told(parts: list[Part]) -> dict[tuple[str, str, str, int], dict[str, list[int]]]:
    return {
        (p.flow, p.book, p.stage, p.year or 0): {kind: [p.lines[kind], p.amounts[kind]] for kind in KINDS}
        for p in parts
    }


@pytest.fixture(scope="module")
def changes(home: Path) -> Changes:
    found = changes_of(steps(home / "releases" / "0002")[0], home / "cache")
    assert found is not None
    return found


@pytest.mark.parametrize("name", SUBJECTS)
def test_counts_and_sums_are_those_of_the_open_files(home: Path, changes: Changes, name: str) -> None:
    filters = SUBJECTS[name]
    wanted = expected(home, filters)
    assert told(changes.parts([filters], by_year=True)) == wanted
    if name in ("the whole city", "a class", "IT"):
        assert sum(kinds["added"][0] for kinds in wanted.values()) > 20
        assert sum(kinds["left"][0] for kinds in wanted.values()) == (7 if name == "a class" else 0)
    # Without years, a stage's parts come together.
    together: dict[tuple[str, str, str], int] = defaultdict(int)
    for (flow, book, stage, _year), kinds in wanted.items():
        together[flow, book, stage] += kinds["added"][0]
    assert {(p.flow, p.book, p.stage): p.lines["added"] for p in changes.parts([filters])} == together


def test_a_comparison_too_large_to_be_kept_in_memory_says_the_same(
    changes: Changes, monkeypatch: pytest.MonkeyPatch
) -> None:
    subjects = [
        [Filters()],
        [Filters(), Filters(flow="revenue")],
        [Filters(cls="hardware", year=1403)],
        [Filters(it_only=True, stage="paid")],
    ]
    asked = [(subject, by_year) for subject in subjects for by_year in (False, True)]
    kept = [changes.parts(subject, by_year=by_year) for subject, by_year in asked]
    assert any(part.reclassified for parts in kept for part in parts)
    monkeypatch.setattr(changes, "_summary", None)
    assert [changes.parts(subject, by_year=by_year) for subject, by_year in asked] == kept


def test_a_release_that_only_brings_lines_says_the_same(
    home: Path, changes: Changes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert changes.parts([Filters()])
    path = shutil.copy(
        next((home / "cache" / "changes").glob("*/changes.duckdb")), tmp_path / "changes.duckdb"
    )
    with duckdb.connect(str(path)) as db:
        for table in ("before", "after", "change"):
            db.execute(
                f"""delete from "{table}" where change not in (select change from change where kind = 'added')"""
            )
    brought = Changes(Path(path))
    monkeypatch.setattr(brought, "_summary", None)
    asked = [([filters], by_year) for filters in SUBJECTS.values() for by_year in (False, True)]
    quick = [brought.parts(subject, by_year=by_year) for subject, by_year in asked]
    assert sum(part.lines["added"] for parts in quick for part in parts) > 100
    monkeypatch.setattr(brought, "_kinds", {*KINDS})
    assert [brought.parts(subject, by_year=by_year) for subject, by_year in asked] == quick


def test_totals_lie_as_far_apart_as_what_changed(home: Path, changes: Changes) -> None:
    sums: dict[tuple[str, str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for side, name in enumerate(("0001", "0002")):
        for line in lines_of(home / "releases" / name).values():
            sums[line["flow"], line["book"], line["stage"], int(line["fiscal_year"])][side] += int(
                line["amount"]
            )
    assert {(t.flow, t.book, t.stage, t.year): [t.before, t.after] for t in changes.totals()} == sums
    nets = {
        (p.flow, p.book, p.stage, p.year): p.net
        for p in changes.parts([Filters(), Filters(flow="revenue")], by_year=True)
    }
    assert {key: after - before for key, (before, after) in sums.items() if after != before} == {
        key: net for key, net in nets.items() if net
    }


def test_rows_of_every_table_are_counted(home: Path, changes: Changes) -> None:
    lines, *others = changes.tables()
    old, new = (lines_of(home / "releases" / name) for name in ("0001", "0002"))
    assert (lines.table, lines.before, lines.after) == ("line", len(old), len(new))
    assert (lines.added, lines.gone) == (len(new.keys() - old.keys()), len(old.keys() - new.keys()))
    assert lines.changed == sum(1 for key in old.keys() & new.keys() if old[key] != new[key]) >= 7
    assert {one.table for one in others} == {"contract", "supplier", "batch", "problem", "tombstone"}
    for one in others:
        assert one.after - one.before == one.added - one.gone


def test_a_judged_line_says_what_it_was(home: Path, changes: Changes) -> None:
    left = changes.lines([Filters(cls="hardware")], "left", limit=50)
    assert len(left) == 7
    assert [abs(one.either["amount"]) for one in left] == sorted(
        (abs(one.either["amount"]) for one in left), reverse=True
    )
    for one in left:
        assert one.before is not None
        assert one.after is not None
        assert (one.before["class"], one.after["class"]) == ("hardware", "software")
        assert set(one.differs) <= {"class", "mode"}
        same = changes.of_line(one.after["line_id"])
        assert same is not None
        assert same.differs == one.differs
    assert changes.of_line("nowhere") is None


def test_releases_are_walked_back_as_far_as_the_chain_holds(home: Path, tmp_path: Path) -> None:
    folder = home / "releases" / "0002"
    assert [(one.number, one.state) for one in steps(folder)] == [(2, "compared"), (1, "first")]
    assert [one.number for one in steps(folder, 1)] == [2]
    alone = tmp_path / "releases"
    shutil.copytree(folder, alone / "0002")
    assert [(one.number, one.state) for one in steps(alone / "0002")] == [(2, "absent")]
    assert changes_of(steps(alone / "0002")[0], tmp_path / "cache") is None
    # Another release under the number of the one before is not the one before.
    shutil.copytree(folder, alone / "0001")
    assert [one.state for one in steps(alone / "0002")] == ["absent"]


def test_a_comparison_is_made_once_and_kept_under_both_hashes(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = steps(home / "releases" / "0002")[0]
    made = []
    write = changing.write_difference
    monkeypatch.setattr(changing, "write_difference", lambda *paths: made.append(paths) or write(*paths))
    monkeypatch.setattr(changing, "_open", type(changing._open)())
    for _ in range(3):
        assert changes_of(step, tmp_path) is not None
    assert len(made) == 1
    (kept,) = (tmp_path / "changes").iterdir()
    first = steps(home / "releases" / "0001")[0]
    assert kept.name.startswith(f"{first.hash[:24]}-{step.hash[:24]}")
    assert [path.name for path in kept.iterdir()] == ["changes.duckdb"]


def test_the_cache_is_bounded_and_spares_what_is_used(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changing, "_open", type(changing._open)())
    for number in range(changing.KEPT + 5):
        (tmp_path / "changes" / f"old-{number}").mkdir(parents=True)
    assert changes_of(steps(home / "releases" / "0002")[0], tmp_path) is not None
    assert len(list((tmp_path / "changes").iterdir())) == changing.KEPT
    # Indexes are cleared beside it and leave the comparisons alone.
    open_release(home / "releases" / "0001", tmp_path).close()
    assert len(list((tmp_path / "changes").iterdir())) == changing.KEPT


def test_a_comparison_cut_off_leaves_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(changing, "_open", type(changing._open)())
    step = steps(home / "releases" / "0002")[0]
    with monkeypatch.context() as patch:
        patch.setattr(changing, "write_difference", cut)
        with pytest.raises(KeyboardInterrupt):
            changes_of(step, tmp_path)
    assert list((tmp_path / "changes").iterdir()) == []
    assert changes_of(step, tmp_path) is not None


HEADER = "سند,تاریخ,شرح,ذی‌نفع,مبلغ (ریال)\n"
ROWS = [
    "11,1403/1/1,خرید سرور,شرکت الف,100",
    "12,1403/1/2,خرید سرور,شرکت الف,100",
    "13,1403/1/3,نگهداری,شرکت ب,250",
    "14,1403/1/4,اجاره,شرکت پ,30",
    "15,1403/1/5,کاغذ,شرکت ت,7",
]
NEWER = [
    "15,1403/1/5,کاغذ,شرکت ت,7",
    "13,1403/1/3,نگهداری,شرکت ب,260",
    *ROWS[:1],
    "16,1403/1/6,رایانه,شرکت ت,40",
    ROWS[3],
]


@pytest.mark.parametrize("keyed", [True, False], ids=["by document number", "by content alone"])
def test_a_newer_export_of_the_same_period_says_what_it_corrects(tmp_path: Path, keyed: bool) -> None:
    """Row 12 has gone, row 13 costs more, row 16 is new; all others came again in another file, in another order."""
    home = start_home(home=tmp_path / "home", pack=packs()["sample"])
    columns = {"document_no": "سند", "date": "تاریخ", "title": "شرح", "supplier_name": "ذی‌نفع"}
    mapping = parse_mapping(
        {
            "id": "town.payments",
            "fiscal_year": {"from": "date"},
            "columns": {name: {"names": [title]} for name, title in columns.items()},
            "amounts": [{"stage": "paid", "names": ["مبلغ (ریال)"]}],
            **({"identity": {"columns": ["document_no"]}} if keyed else {}),
        },
        "test.toml",
    )
    for number, rows in enumerate((ROWS, NEWER)):
        path = tmp_path / f"export-{number}.csv"
        path.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
        import_file(home=home, mapping=mapping, path=path, replace=number > 0)
        build_release(home=home)
    found = changes_of(steps(home / "releases" / "0002")[0], home / "cache")
    assert found is not None
    (part,) = found.parts([Filters()])
    counts = {kind: (part.lines[kind], part.amounts[kind]) for kind in KINDS if part.lines[kind]}
    if keyed:
        assert counts == {"added": (1, 40), "gone": (1, 100), "changed": (1, 10)}
        (one,) = found.lines([Filters()], "changed")
        assert one.differs == ("amount",)
        assert one.before is not None
        assert one.after is not None
        assert (one.before["amount"], one.after["amount"]) == (250, 260)
    else:
        # Nothing says that the payment of 260 is the one of 250: likeness is no identity.
        assert counts == {"added": (2, 300), "gone": (2, 350)}
    assert part.net == 437 - 487
    assert found.carried_over() == (4 if keyed else 3)
