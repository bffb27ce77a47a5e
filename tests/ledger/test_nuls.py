"""A NUL in a text: its row waits in quarantine and says where it stands, the others are read; a binary is named one all the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import mapping, write
from put_right_office import HEADER, THREE, Office

from rasad.actions.batches import import_file
from rasad.ledger import phrases
from rasad.ledger.batches import folder
from rasad.ledger.problem_rows import quarantined_rows
from rasad.ledger.problems import FileError, NothingPutRight, Problem
from rasad.ledger.read import read
from rasad.ledger.read.kinds import kind_of
from rasad.ledger.read.text import in_utf8

BODY = "1403/01/01,خرید,الف,100\n1403/01/02,چا\x00پ,ب,7\n1403/01/03,میز,پ,20\n"


@pytest.mark.parametrize(
    ("encoding", "before"),
    [("utf-8", 0), ("utf-8", 300), ("windows-1256", 0), ("utf-16", 0), ("utf-8-sig", 0)],
)
def test_a_row_with_a_nul_is_kept_out_and_the_others_are_read(
    tmp_path: Path, encoding: str, before: int
) -> None:
    office = Office(tmp_path)
    text = HEADER + "1403/01/01,خرید,الف,1\n" * before + BODY
    path = write(tmp_path, text.replace("ی", "ي").encode(encoding))
    receipt = import_file(home=office.home, mapping=office.mapping, path=path)
    assert (receipt.rows["stored"], receipt.rows["quarantined"]) == (before + 2, 1)
    assert (receipt.amounts[0].stored, receipt.amounts[0].quarantined) == (before + 120, 7)
    [row] = quarantined_rows(office.home, receipt)
    [problem] = [Problem(file="a.csv", row=row["row"], **one) for one in row["problems"]]
    assert (problem.code, problem.row, problem.column) == ("nul", before + 3, "شرح")
    assert "چا␀پ" in problem.message()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_row_is_put_right_and_loaded(tmp_path: Path, kind: str) -> None:
    office = Office(tmp_path)
    office.take(HEADER + BODY)
    with pytest.raises(NothingPutRight):
        office.load(office.export(name=f"as-it-was.{kind}"))
    assert office.rejected() == [3]
    office.load(office.put_right(office.export(), {3: THREE}))
    assert office.lines() == {2: 100, 3: 7, 4: 20}
    assert (folder(office.home) / f"{office.live.batch}.json").exists()


def test_zeros_where_a_disk_lost_the_end_are_one_rejected_row(tmp_path: Path) -> None:
    office = Office(tmp_path)
    receipt = office.take(HEADER + "1403/01/01,خرید,الف,1\n" * 200 + "\x00" * 5000)
    assert (receipt.rows["stored"], receipt.rows["quarantined"]) == (200, 1)
    [row] = quarantined_rows(office.home, receipt)
    assert {"nul", "row_short"} <= {one["code"] for one in row["problems"]}


@given(
    st.integers(0, 10**6),
    st.integers(40, 5000),
    st.sampled_from([b"", b"MZ\x90\x00", b"\x7fELF\x02\x01\x01\x00"]),
)
def test_a_binary_is_no_text(seed: int, size: int, head: bytes) -> None:
    raw = head + random.Random(seed).randbytes(size) + b"\x00" * 40
    kind = kind_of(raw, "a.csv")
    if kind == "text":
        with pytest.raises(FileError) as caught:
            in_utf8(raw, "a.csv", mapping().file)
        assert caught.value.problem.found == phrases.BINARY


@pytest.mark.parametrize(
    "content", [b"\x00" * 3, b"\x00" * 4096, b"a,b\x00\x00\x00\x00\n" * 300, b"\x00\x01\x02" * 900]
)
def test_a_file_of_zeros_or_full_of_them_is_binary(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FileError) as caught:
        read(write(tmp_path, content), mapping())
    assert caught.value.problem.found == phrases.BINARY
