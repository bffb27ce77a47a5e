"""M4: how much of the money reaches a project, a goal, an indicator, a resolution."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rasad.oversight.measures.m4_thread import STEPS, Reach, completeness

REACH = Reach.of(
    projects=[("p1", "r1"), ("p2", None), ("p3", None)],
    project_goals=[("p1", "g1", 7_000), ("p1", "g2", 3_000), ("p2", "g2", 10_000)],
    goal_indicators=[("g1", "i1"), ("g1", "i2")],
)


def test_each_step_reaches_what_its_records_say() -> None:
    rows = [("paid", "p1", 1_001), ("paid", "p2", 200), ("paid", "p3", 50), ("paid", None, 749)]
    found = completeness(rows, REACH, unit="IRR")["paid"]
    reached = {step: figure.numerator for step, figure in found.steps()}
    # 1,001 by 7 : 3 is 701 : 300 to the rial.
    assert reached == {"project": 1_251, "goal": 1_201, "indicator": 701, "resolution": 1_001}
    assert {figure.denominator for _, figure in found.steps()} == {2_000}
    assert (found.project.rest, found.project.value, found.project.state) == (749, 1_251 / 2_000, "ok")
    assert found.goal.evidence == ("p1", "p2")
    assert found.indicator.evidence == ("p1",)


def test_scopes_are_apart_and_rows_of_one_project_are_summed() -> None:
    rows = [(("paid", 1402), "p1", 5), (("paid", 1403), None, 7), (("paid", 1402), "p1", 6)]
    found = completeness(rows, REACH, unit="IRR")
    assert found["paid", 1402].project.value == 1
    assert found["paid", 1403].project.value == 0


def test_missing_data_never_looks_clean() -> None:
    nothing = completeness([("a", None, 0)], REACH, unit="IRR")["a"].project
    assert (nothing.state, nothing.value) == ("not_applicable", None)
    unknown = completeness([("a", None, 5)], Reach(frozenset()), unit="IRR")["a"]
    assert {figure.state for _, figure in unknown.steps()} == {"insufficient"}
    back = completeness([("a", "p1", 100), ("a", None, -50)], REACH, unit="IRR")["a"].project
    assert (back.state, back.value, back.numerator, back.denominator) == ("insufficient", None, 100, 50)


AMOUNTS = st.lists(
    st.tuples(st.sampled_from(["p1", "p2", "p3", "p4", None]), st.integers(0, 10**15)), min_size=1
)


@given(AMOUNTS)
def test_no_step_reaches_further_than_the_one_before(amounts: list[tuple[str | None, int]]) -> None:
    found = completeness([("x", project, amount) for project, amount in amounts], REACH, unit="IRR")["x"]
    figures = dict(found.steps())
    assert tuple(figures) == STEPS
    whole = sum(amount for _, amount in amounts)
    assert (
        figures["indicator"].numerator <= figures["goal"].numerator <= figures["project"].numerator <= whole
    )
    assert figures["resolution"].numerator <= figures["project"].numerator
    for figure in figures.values():
        assert figure.numerator + figure.rest == whole
