"""The computed rating: each reason by cases on both sides of its threshold, and what holds whatever the figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rasad.records.models.projects import RATINGS, STATUSES
from rasad.records.ratings import REASONS, Course, Promise, Reason, Report, Step, rate

START = date(2022, 1, 1)
END = date(2022, 12, 31)
PROMISE = Promise(1, START, END, 1_000)


def day(number: int) -> date:
    """A day by its distance from the start."""
    return START + timedelta(days=number)


def course(**facts: object) -> Course:
    """A project under way that is where it should be on day 182."""
    whole = {"status": "running", "promises": (PROMISE,), "reports": (Report(day(182), 5_000),), **facts}
    return Course(**whole)  # type: ignore[arg-type]


def codes(told: Course, on: date) -> dict[str, str]:
    return {reason.code: reason.level for reason in rate(told, on).reasons}


def test_where_it_should_be() -> None:
    rating = rate(course(), day(182))
    assert (rating.state, rating.value, rating.reasons) == ("ok", "on_course", ())


@pytest.mark.parametrize("status", ["proposed", "merged", "cancelled"])
def test_what_is_not_rated(status: str) -> None:
    assert rate(course(status=status), day(999)).state == "not_applicable"


def test_what_cannot_be_rated_is_not_called_good() -> None:
    nothing = rate(Course("running"), day(10))
    assert (nothing.state, nothing.value) == ("insufficient", "")
    assert [reason.code for reason in nothing.reasons] == ["no_promise", "no_report"]
    assert rate(course(reports=(), steps=(Step(END),)), day(10)).value == "on_course"
    # What is certain is said, whatever else is lacking.
    late = rate(course(reports=()), END + timedelta(days=91))
    assert (late.state, late.value) == ("ok", "off_course")
    assert late.flag("no_report")


@pytest.mark.parametrize(("days", "level"), [(0, None), (1, "at_risk"), (90, "at_risk"), (91, "off_course")])
def test_late(days: int, level: str | None) -> None:
    on = END + timedelta(days=days)
    told = course(reports=(Report(on, 9_950),))
    assert codes(told, on).get("late") == level
    ended = course(status="finished", ended_on=on)
    assert codes(ended, on + timedelta(days=500)).get("ended_late") == level


@pytest.mark.parametrize(("days", "level"), [(0, None), (1, "at_risk"), (90, "at_risk"), (91, "off_course")])
def test_overdue_milestones(days: int, level: str | None) -> None:
    due = day(182 - days)
    told = course(steps=(Step(due), Step(due, day(200)), Step(due, due)))
    reason = rate(told, day(182)).flag("milestones_overdue")
    # The one that was reached later was not reached by then.
    assert (reason and (reason.level, reason.count, reason.days)) == (level and (level, 2, days))


@pytest.mark.parametrize(
    ("physical", "level"),
    [(5_000, None), (4_001, None), (4_000, "at_risk"), (2_501, "at_risk"), (2_500, "off_course")],
)
def test_behind_an_even_course(physical: int, level: str | None) -> None:
    # 182 of 364 days are half of it.
    assert codes(course(reports=(Report(day(182), physical),)), day(182)).get("behind") == level


def test_stalled() -> None:
    reports = (Report(day(30), 3_000), Report(day(100), 3_000), Report(day(200), 2_000))
    assert "stalled" not in codes(course(reports=reports), day(210))
    assert codes(course(reports=reports), day(211))["stalled"] == "off_course"
    assert codes(course(reports=(), steps=(Step(END),)), day(181))["stalled"] == "off_course"
    done = (Report(day(100), 10_000),)
    assert "stalled" not in codes(course(reports=done), day(300))


def test_not_begun() -> None:
    told = course(status="approved", reports=())
    assert codes(told, START) == {}
    assert codes(told, day(1)) == {"not_begun": "at_risk"}
    assert codes(told, day(181)) == {"not_begun": "off_course"}


def test_promised_anew() -> None:
    second = Promise(2, START, END + timedelta(days=100), 1_500, day(150))
    third = Promise(3, START, END + timedelta(days=200), 1_500, day(170))
    told = course(promises=(third, PROMISE, second))
    found = codes(told, day(182))
    assert (found["rebaselined"], found["budget_grown"]) == ("at_risk", "")
    # What was decided later was not known.
    assert "rebaselined" not in codes(told, day(160))
    assert codes(told, END + timedelta(days=50))["late_against_first"] == ""
    assert "late" not in codes(told, END + timedelta(days=50))


@pytest.mark.parametrize(
    ("spent", "level"),
    [(None, None), (100_000, None), (100_001, "at_risk"), (110_000, "at_risk"), (110_010, "off_course")],
)
def test_over_budget(spent: int | None, level: str | None) -> None:
    told = course(promises=(replace(PROMISE, budget=100_000),), spent=spent)
    assert codes(told, day(182)).get("over_budget") == level


def test_the_computed_one_wins() -> None:
    told = course(reports=(Report(day(182), 0),), self_rating="on_course")
    rating = rate(told, day(182))
    assert (rating.value, rating.self_rated_better) == ("off_course", True)
    assert not rate(replace(told, self_rating="off_course"), day(182)).self_rated_better
    assert not rate(course(self_rating="at_risk"), day(182)).self_rated_better


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_reason_has_its_words(language: str) -> None:
    with translation.override(language):
        for code in REASONS:
            said = str(Reason(code, days=12, count=3, found="4.5", expected="6").message())
            assert "%(" not in said
            assert (language == "fa") != said.isascii()
            assert language == "en" or not set(said) & set("0123456789")


# --- Whatever the figures --------------------------------------------------------------------------------------

DAYS = st.integers(-400, 1_500).map(day)
COURSES = st.builds(
    Course,
    status=st.sampled_from(STATUSES),
    promises=st.lists(
        st.builds(Promise, st.integers(1, 5), st.none() | DAYS, st.none() | DAYS, st.none() | st.integers(0, 10**6), st.none() | DAYS),
        max_size=4,
        unique_by=lambda one: one.number,
    ).map(tuple),
    steps=st.lists(st.builds(Step, DAYS, st.none() | DAYS), max_size=4).map(tuple),
    reports=st.lists(st.builds(Report, DAYS, st.integers(0, 10_000)), max_size=5, unique_by=lambda one: one.as_of).map(tuple),
    ended_on=st.none() | DAYS,
    self_rating=st.sampled_from(("", *RATINGS)),
    spent=st.none() | st.integers(0, 10**7),
)  # fmt: skip


def badness(told: Course, on: date) -> int:
    rating = rate(told, on)
    return RATINGS.index(rating.value) if rating.value else -1


@given(COURSES, DAYS)
def test_a_rating_is_the_worst_of_its_reasons(told: Course, on: date) -> None:
    rating = rate(told, on)
    assert (rating.state == "ok") == (rating.value != "")
    levels = [RATINGS.index(reason.level) for reason in rating.reasons if reason.level]
    assert levels == sorted(levels, reverse=True)
    if rating.value:
        assert RATINGS.index(rating.value) == max(levels, default=0)
    assert len({reason.code for reason in rating.reasons}) == len(rating.reasons)


@given(COURSES, DAYS)
def test_the_order_of_the_facts_does_not_matter(told: Course, on: date) -> None:
    turned = replace(told, promises=told.promises[::-1], steps=told.steps[::-1], reports=told.reports[::-1])
    assert rate(told, on) == rate(turned, on)


@given(COURSES, DAYS, DAYS, st.integers(0, 10_000))
def test_what_comes_later_does_not_change_what_was(told: Course, on: date, later: date, bp: int) -> None:
    if later <= on or any(one.as_of == later for one in told.reports):
        return
    known = replace(told, reports=(*told.reports, Report(later, bp)))
    assert rate(known, on) == rate(told, on)


@given(COURSES, DAYS)
def test_more_spending_never_makes_it_better(told: Course, on: date) -> None:
    if told.spent is not None:
        assert badness(replace(told, spent=told.spent * 2), on) >= badness(told, on)


@given(COURSES, DAYS)
def test_reaching_everything_never_makes_it_worse(told: Course, on: date) -> None:
    reached = replace(told, steps=tuple(Step(one.due, min(one.due, on)) for one in told.steps))
    assert badness(reached, on) <= max(badness(told, on), 0)
