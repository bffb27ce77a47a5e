"""Mappings that a person changed in a home, when its pack is loaded again; and mappings that cannot be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from test_command_line import run

from rasad.actions.cities import changed_here, packs, sources, start_home

CORRECTED = "# put right at the import desk\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack of our own, so that it can change."""
    return Path(shutil.copytree(packs()["oxford"], tmp_path / "pack"))


def mapping_in(folder: Path) -> Path:
    return sorted((folder / "sources").glob("*.toml"))[0]


def test_a_mapping_that_was_changed_in_the_home_stays_and_an_untouched_one_follows_the_pack(
    tmp_path: Path, pack: Path
) -> None:
    home, theirs = tmp_path / "home", mapping_in(pack)
    own = mapping_in(start_home(home=home, pack=pack))
    theirs.write_text("# as a newer Rasad has it\n" + theirs.read_text("utf-8"), "utf-8")
    start_home(home=home, pack=pack)
    assert own.read_bytes() == theirs.read_bytes()
    assert changed_here(home=home, pack=pack) == []

    own.write_text(CORRECTED + own.read_text("utf-8"), "utf-8")
    start_home(home=home, pack=pack)
    assert own.read_text("utf-8").startswith(CORRECTED)
    assert changed_here(home=home, pack=pack) == [f"sources/{own.name}"]

    start_home(home=home, pack=pack, renew=True)
    assert own.read_bytes() == theirs.read_bytes()
    assert own.with_name(f"{own.name}.old").read_text("utf-8").startswith(CORRECTED)


def test_a_home_that_an_earlier_rasad_made_keeps_what_differs(tmp_path: Path, pack: Path) -> None:
    home = start_home(home=tmp_path / "home", pack=pack)
    own = mapping_in(home)
    own.write_text(CORRECTED, "utf-8")
    for record in (None, "{"):
        (home / ".pack.json").unlink(missing_ok=True)
        if record:
            (home / ".pack.json").write_text(record, "utf-8")
        start_home(home=home, pack=pack)
        assert own.read_text("utf-8") == CORRECTED


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_load_says_which_mapping_it_kept(tmp_path: Path, lang: str) -> None:
    home, data = start_home(home=tmp_path / "home", pack=packs()["oxford"]), tmp_path / "data"
    data.mkdir()
    own = mapping_in(home)
    own.write_text(CORRECTED + own.read_text("utf-8"), "utf-8")
    done = run("load", "oxford", data, home=home, lang=lang)
    assert done.returncode == 1
    assert {"fa": "همین‌جا تغییر کرده", "en": "was changed here and stays so"}[lang] in done.stderr
    assert str(own) in done.stderr.replace("\n", "")
    assert own.read_text("utf-8").startswith(CORRECTED)
    renewed = run("load", "oxford", data, "--renew", home=home, lang=lang)
    assert str(own) not in renewed.stderr
    assert not own.read_text("utf-8").startswith(CORRECTED)


def test_one_mapping_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run("new", "karaj", "--name-fa", "کرج", home=home)
    (home / "sources" / "budget.toml").write_text('id = "karaj.budget\n', "utf-8")
    assert sources(home) == {
        "karaj.payments": home / "sources" / "payments.toml",
        "budget": home / "sources" / "budget.toml",
    }
    file = tmp_path / "p.csv"
    file.write_text("تاریخ,شرح,ذینفع,مبلغ\n1403/5/12,خرید رایانه,شرکت الف,12345\n", "utf-8")
    assert run("import", "karaj.payments", file, home=home).returncode == 0
    done = run("import", "karaj.budget", file, home=home)
    assert done.returncode == 1
    assert "budget.toml, TOML: " in done.stderr


def test_a_pack_whose_source_the_home_lacks_is_said(tmp_path: Path) -> None:
    home, data = start_home(home=tmp_path / "home", pack=packs()["isfahan"]), tmp_path / "data"
    data.mkdir()
    for path in (home / "sources").glob("*.toml"):
        path.write_text(path.read_text("utf-8").replace('id = "isfahan.', 'id = "other.'), "utf-8")
    (data / "budget_rows.csv").write_text("x\n", "utf-8")
    done = run("load", "isfahan", data, home=home)
    assert done.returncode == 1
    assert "no mapping is called isfahan." in done.stderr
