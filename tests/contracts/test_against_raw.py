"""The ledger and the release against figures recomputed from the raw files by a script that shares no code with them."""

from __future__ import annotations

import ast
import gzip
import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import duckdb
import pytest

from rasad.actions.batches import load_city
from rasad.actions.cities import packs, start_home
from rasad.actions.releases import build_release
from rasad.ledger.batches import Receipt

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_against_raw.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_against_raw", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def _loaded(city: str, data: Path, home: Path) -> Path:
    pack = packs()[city]
    start_home(home=home, pack=pack)
    for receipt in load_city(home=home, pack=pack, data=data):
        assert isinstance(receipt, Receipt)
    return home


def _run(script: ModuleType, city: str, data: Path, home: Path) -> int:
    return int(script.main(["--city", city, "--data", str(data), "--home", str(home)]))


@pytest.fixture(scope="module")
def sample(small_city: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The smallest sample city's files, and the home that they were loaded into, without its release."""
    home = tmp_path_factory.mktemp("home") / "sample"
    shutil.copytree(small_city, home, ignore=shutil.ignore_patterns("files", "releases", "cache"))
    return small_city / "files", home


def test_the_script_shares_no_code_with_rasad() -> None:
    imported = set[str]()
    for node in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert not imported & {"rasad", "polars", "pandas", "pyarrow", "python_calamine", "openpyxl"}
    assert imported - set(sys.stdlib_module_names) == {"duckdb"}


def test_sample_city(
    script: ModuleType, sample: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(script, "sample", *sample) == 0
    said = capsys.readouterr().out
    assert "payments_1401.xlsx: paid, stored" in said
    assert "roots = leaves + remainders" in said
    assert "0 differ" in said


def test_sample_city_as_released(
    script: ModuleType, sample: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, home = sample
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    build_release(home=copy)
    assert _run(script, "sample", data, copy) == 0
    said = capsys.readouterr().out
    assert "against release 0001: 0 differ" in said
    assert "payments_1403.csv: paid, in the release" in said
    assert "roots in the release" in said


def _batch_of(home: Path, name: str) -> Path:
    receipt = next(
        path
        for path in (home / "ledger" / "batches").glob("*.json")
        if f'"name": "{name}"' in path.read_text("utf-8")
    )
    return receipt.with_suffix(".parquet")


def _rewrite(batch: Path, select: str) -> None:
    beside = batch.with_name("beside.parquet")
    duckdb.sql(f"copy ({select.replace('$', f'{batch.as_posix()!r}')}) to '{beside}' (format parquet)")
    beside.replace(batch)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("select * replace (case when line_no = 7 then amount + 1 else amount end as amount) from $", "paid, stored"),
        # Two mistakes that cancel out leave the total as it was.
        ("select * replace (amount + case line_no when 7 then 1 when 8 then -1 else 0 end as amount) from $", "lines that differ from their cell"),
        ("select * from $ where line_no <> 7", "rows not accounted for"),
    ],
)  # fmt: skip
def test_a_changed_batch_is_seen(
    script: ModuleType,
    sample: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: str,
    said: str,
) -> None:
    data, home = sample
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    _rewrite(_batch_of(copy, "payments_1403.csv"), change)
    assert _run(script, "sample", data, copy) == 1
    differing = [line for line in capsys.readouterr().out.splitlines() if "≠" in line]
    assert any(said in line for line in differing)
    assert all(line.startswith("payments_1403.csv") for line in differing)


def test_a_changed_raw_file_is_seen(
    script: ModuleType, sample: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, home = sample
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    changed = copy / "payments_1403.csv"
    before = changed.read_bytes()
    changed.write_bytes(before.replace(b'"0300001"', b'"0300002"', 1))
    assert changed.read_bytes() != before
    assert _run(script, "sample", copy, home) == 1
    assert "payments_1403.csv: file loaded" in capsys.readouterr().out


def test_nothing_to_compare_is_an_error_of_its_own(script: ModuleType, tmp_path: Path) -> None:
    assert _run(script, "sample", tmp_path, tmp_path) == 2


@pytest.mark.realdata
@pytest.mark.parametrize("city", ["madrid", "isfahan", "oxford"])
def test_real_city(
    script: ModuleType,
    realdata: Path,
    real_home: Callable[[str], Path],
    city: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _run(script, city, realdata / city, real_home(city)) == 0, capsys.readouterr().out
    said = capsys.readouterr().out
    assert "against release 0001: 0 differ" in said
    expected = {
        "madrid": ["2021 pagos 49101: all classes together", "2021 pagos 49102: hardware", "2021 gastos: recognised, in"],
        "isfahan": ["capital: initial, roots = leaves + remainders", "expense: initial, roots = leaves + remainders"],
        "oxford": ["apr-jun-2015: paid, in the release", "oct-dec-2017: paid, stored"],
    }  # fmt: skip
    for what in expected[city]:
        assert what in said


@pytest.mark.realdata
def test_north_tyneside_one_file_of_each_header(
    script: ModuleType, realdata: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen: dict[bytes, Path] = {}
    for path in sorted((realdata / "northtyneside").glob("*.csv.gz")):
        with gzip.open(path) as file:
            chosen.setdefault(file.readline(), path)
    assert len(chosen) == 9
    data = tmp_path / "data"
    data.mkdir()
    for path in chosen.values():
        (data / path.name).symlink_to(path)
    home = _loaded("northtyneside", data, tmp_path / "home")
    assert _run(script, "northtyneside", data, home) == 0, capsys.readouterr().out
