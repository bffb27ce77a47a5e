"""Known problems in the formats in which they are published: small files of our own, converted, solved, and compared with what is counted by hand."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.published import __main__ as command
from benchmarks.published.formats import FORMATS, Instance, format_of, next_releases

from rasad.roadmap.problem import parse
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve

# Four activities between a source and a sink; of one resource there are 3. The best schedule ends after 5.
SM = """\
************************************************************************
jobs (incl. supersource/sink ):  6
RESOURCES
  - renewable                 :  1   R
  - nonrenewable              :  0   N
************************************************************************
PRECEDENCE RELATIONS:
jobnr.    #modes  #successors   successors
   1        1          2           2   3
   2        1          1           4
   3        1          1           5
   4        1          1           6
   5        1          1           6
   6        1          0
************************************************************************
REQUESTS/DURATIONS:
jobnr. mode duration  R 1
------------------------------------------------------------------------
  1      1     0       0
  2      1     2       2
  3      1     3       1
  4      1     2       2
  5      1     1       3
  6      1     0       0
************************************************************************
RESOURCEAVAILABILITIES:
  R 1
    3
************************************************************************
"""
RCP = "6 1\n3\n0 0 2 2 3\n2 2 1 4\n3 1 1 5\n2 2 1 6\n1 3 1 6\n0 0 0\n"
DZN = """\
n_res = 1;
rc = [ 3 ];
n_tasks = 4;
d = [ 2, 3, 2, 1 ];
rr = [| 2, 1, 2, 3 |];
suc = [ { 3 },
        { 4 },
        {  },
        {  } ];
"""
MKNAP = "2\n3 1 19\n10 6.5 9\n5 4 3\n9\n2 2 0\n3 4\n1 1\n2 1\n1 5\n"
# Four requirements in two levels, of which the third needs the first; 0.5 of all costs, 9, is a budget of 5.
NRP = "2\n2\n2 1\n2\n3 3\n2\n1 3\n1 3\n3\n7 1 3\n4 1 2\n5 2 1 2\n"
OBJECTIVES = (
    "# items, objectives, dimensions\n3\n2\n1\n5 4 1\n1 2 6\n3 2 2\n4\n",
    "2\n3\n4.5\n[[5.0,4.0,1.0],[1.0,2.0,6.0]]\n[[3.0,2.0,2.0]]\n",
)


def best(one: Instance) -> int | None:
    result = solve(parse(one.problem), seconds=10)
    assert result.status is Status.OPTIMAL
    return result.objective


@pytest.mark.parametrize(("kind", "text"), [("psplib", SM), ("patterson", RCP), ("minizinc", DZN)])
def test_a_schedule_in_each_format_is_the_same_problem(kind: str, text: str) -> None:
    [one] = FORMATS[kind]("tiny", text)
    assert best(one) == 5


def test_knapsacks_of_one_file_each_with_its_best_value() -> None:
    first, second = FORMATS["mknap"]("mknap", MKNAP)
    # A value of 6.5 is said in halves, and so is the best: 10 + 9, of a weight of 8.
    assert (first.name, best(first)) == ("mknap-1", first.best)
    assert first.best == 38 * 10_000
    assert second.best is None
    assert best(second) == 4 * 10_000


def test_next_releases_with_budgets_rounded_to_the_nearest() -> None:
    found = next_releases("nrp", NRP, ["0.5", "0.3"])
    assert [one.name for one in found] == ["nrp-0.5", "nrp-0.3"]
    assert [one.problem["limits"]["budgets"][0]["amounts"] for one in found] == [[5], [3]]
    # 5: the third with the first, or the first two; 7 against 4 + 5 from the first two.
    assert [best(one) for one in found] == [9 * 10_000, 9 * 10_000]
    [again] = next_releases("nrp-0.5", "0.5\n" + NRP)
    assert again == found[0]


@pytest.mark.parametrize("text", OBJECTIVES)
def test_knapsacks_with_two_objectives_in_both_formats(text: str) -> None:
    [one] = FORMATS["objectives"]("2KP", text)
    assert one.problem["objective"]["method"] == "front"
    assert one.problem["limits"]["budgets"][0]["amounts"] == [4]
    assert one == FORMATS["objectives"]("2KP", OBJECTIVES[0])[0]


def test_files_are_converted_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("j1.sm", SM), ("mknap9.txt", MKNAP), ("odd.txt", MKNAP), ("nrp9.txt", "1\n5")):
        (tmp_path / name).write_text(text, "utf-8")

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["published", "convert", *words, "--into", str(tmp_path / "out")])
        return command.main()

    assert run(str(tmp_path / "j1.sm"), str(tmp_path / "mknap9.txt"), "--only", "1") == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "j1.json",
        "mknap9-1.json",
        "mknap9-1.best",
    }
    assert (
        json.loads((tmp_path / "out" / "j1.json").read_text("utf-8"))
        == FORMATS["psplib"]("j1", SM)[0].problem
    )
    assert (tmp_path / "out" / "mknap9-1.best").read_text("utf-8") == "380000\n"
    assert run(str(tmp_path / "odd.txt")) == 2
    assert "--format" in capsys.readouterr().err
    assert run(str(tmp_path / "nrp9.txt")) == 2
    assert "nrp9.txt: not as nrp has it: it ends too soon" in capsys.readouterr().err
    assert format_of("J30_1_1.dzn") == "minizinc"
    assert format_of("notes.txt") is None


def test_several_modes_are_refused() -> None:
    with pytest.raises(ValueError, match="only one mode"):
        FORMATS["psplib"]("multi", SM.replace("   2        1          1 ", "   2        3          1 "))


def test_what_is_done_at_once_may_need_people_when_everything_is_complete() -> None:
    def work(name: str, duration: int, **more: object) -> dict[str, object]:
        return {
            "id": name,
            "mandatory": True,
            "modes": [{"duration": duration, "skills": {"k": [1] * max(1, duration)}}],
            **more,
        }

    problem = parse(
        {
            "horizon": {"kind": "step", "count": 6},
            "skills": [{"id": "k"}],
            "initiatives": [work("a", 2), work("b", 0, requires=[{"initiative": "a"}])],
            "limits": {"skills": [{"id": "k", "skill": "k", "amounts": [1] * 6}]},
            "objective": {"targets": [{"kind": "completion", "of": "last"}]},
        }
    )  # fmt: skip
    result = solve(problem, seconds=10)
    assert (result.status, result.objective) == (Status.OPTIMAL, 2)
