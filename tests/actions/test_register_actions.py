"""The verbs of the register: what they write, what they refuse, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from register_cast import Cast

from rasad.actions import (
    assets,
    contracts,
    goals,
    indicators,
    institutions,
    projects,
    register,
    resolutions,
    services,
    sets,
    staff,
    systems,
    units,
)
from rasad.records import problems, tables
from rasad.records.changes import StaleError
from rasad.records.labels import CHOICES, label
from rasad.records.models import (
    Account,
    AuditEvent,
    Baseline,
    Goal,
    Post,
    Project,
    ProjectGoal,
    Reading,
    Unit,
)
from rasad.records.models.indicators import is_quotient
from rasad.records.models.projects import STATUSES, STEPS

pytestmark = pytest.mark.django_db
DAY = date(2023, 3, 21)


def codes(error: ValidationError) -> dict[str, list[str]]:
    """Field → codes of its refusals."""
    return {field: [str(one.code) for one in some] for field, some in error.error_dict.items()}


def refused(act: Callable[[], Any]) -> dict[str, list[str]]:
    """What an action is refused for; nothing of it may stand."""
    events = AuditEvent.objects.count()
    with pytest.raises(ValidationError) as error:
        act()
    assert AuditEvent.objects.count() == events
    return codes(error.value)


# --- Projects ------------------------------------------------------------------------------------------------------


def test_a_project_opens_with_its_first_promise(account: Account) -> None:
    units.add_unit(code="309", name="سازمان فناوری", by=account)
    project = projects.open_project(
        code=" طرح‌-۱۲ ",
        title="كارت شهروندي",
        unit="309",
        start=DAY,
        end=DAY,
        budget=0,
        by=account,
        why="مصوبهٔ ۴",
    )
    assert (project.code, project.title) == ("طرح-12", "کارت شهروندی")
    assert Project.by_key("طرح‌-۱۲") == project
    [baseline] = project.baselines.all()
    assert (baseline.number, baseline.start, baseline.end, baseline.budget) == (1, DAY, DAY, 0)
    assert {
        event.action for event in AuditEvent.objects.filter(change=AuditEvent.objects.of(project)[0].change)
    } == {"project.open"}


def test_a_further_baseline_keeps_the_earlier_one_and_says_why(cast: Cast) -> None:
    first = projects.rebaseline(
        project=cast.project, seen=0, start=DAY, end=DAY, budget=5, reason="", by=cast.by
    )
    assert refused(
        lambda: projects.rebaseline(
            project=cast.project, seen=1, start=DAY, end=DAY, budget=9, reason=" ", by=cast.by
        )
    ) == {"reason": ["baseline_reason"]}
    later = DAY + timedelta(days=90)
    projects.rebaseline(
        project=cast.project, seen=1, start=DAY, end=later, budget=9, reason="تورم", by=cast.by
    )
    assert list(cast.project.baselines.order_by("number").values_list("number", "end", "budget")) == [
        (1, DAY, 5),
        (2, later, 9),
    ]
    with pytest.raises(StaleError):
        projects.rebaseline(
            project=cast.project, seen=1, start=DAY, end=later, budget=1, reason="دیر", by=cast.by
        )
    assert refused(
        lambda: register.change(record=first, values={"budget": 6}, seen=first.version, by=cast.by, why="خطا")
    ) == {"__all__": ["baseline_stays"]}
    assert refused(
        lambda: register.add(
            noun="baseline", values={"project": "P1", "number": 4, "reason": "x"}, by=cast.by
        )
    ) == {"number": ["baseline_number"]}
    assert (cast.project.original.budget, cast.project.current.budget) == (5, 9)


def test_weights_come_to_the_whole_or_the_set_stays_as_it_was(cast: Cast) -> None:
    first, second = cast.goals

    def put(weights: dict[Goal, int], seen: str | None = None) -> None:
        projects.set_goals(project=cast.project, weights=weights, seen=seen, by=cast.by)

    put({first: 7_000, second: 3_000})
    seen = sets.fingerprint(cast.project.project_goals.all())
    for weights in ({first: 9_999}, {first: 7_000, second: 3_001}):
        assert "weights_sum" in refused(lambda w=weights: put(w))["weight_bp"]  # type: ignore[misc]
    assert refused(lambda: put({first: 10_000, second: 0})) == {"weight_bp": ["share"]}
    assert dict(cast.project.project_goals.values_list("goal__code", "weight_bp")) == {
        "G1": 7_000,
        "G2": 3_000,
    }
    put({second: 10_000}, seen)
    assert dict(cast.project.project_goals.values_list("goal__code", "weight_bp")) == {"G2": 10_000}
    removed = AuditEvent.objects.get(noun="projectgoal", after__isnull=True)
    assert removed.before == {"project": "P1", "goal": "G1", "weight_bp": 7_000}
    with pytest.raises(StaleError) as told:
        put({first: 10_000}, seen)
    assert [event.record_key for event in told.value.events][-1] == "P1 / G1"
    put({}, None)
    assert list(Project.objects.unlinked()) == [cast.project]


def test_partners_and_services_are_sets_too(cast: Cast) -> None:
    bank = institutions.add_institution(code="B", name="بانک شهر", kind="bank", by=cast.by)
    other = units.add_unit(code="310", name="حراست", by=cast.by)
    projects.set_partners(
        project=cast.project, partners=[(bank, "پرداخت"), (other, "")], seen=None, by=cast.by
    )
    projects.set_partners(project=cast.project, partners=[(bank, "پرداخت برخط")], seen=None, by=cast.by)
    assert list(cast.project.partners.values_list("institution__code", "unit", "part")) == [
        ("B", None, "پرداخت برخط")
    ]
    projects.set_services(project=cast.project, changes={cast.service: "بی‌مراجعه"}, seen=None, by=cast.by)
    assert cast.service.project_services.get().change == "بی‌مراجعه"
    assert refused(lambda: register.add(noun="project_partner", values={"project": "P1"}, by=cast.by)) == {
        "unit": ["one_side"]
    }
    assert list(Project.objects.of_units([other.pk])) == []
    assert list(Project.objects.of_units([cast.unit.pk])) == [cast.project]


def test_a_project_ends_and_is_opened_again_for_reasons(cast: Cast) -> None:
    project = projects.finish(project=cast.project, seen=1, on=DAY, by=cast.by)
    assert refused(lambda: projects.close(project=project, seen=2, report="  ", by=cast.by)) == {
        "closing_report": ["report_missing"]
    }
    project = projects.close(project=project, seen=2, report="به بهره‌برداری رسید", by=cast.by)
    assert refused(
        lambda: projects.report_progress(
            project=project, as_of=DAY + timedelta(days=1), physical_bp=1, by=cast.by
        )
    ) == {"__all__": ["ended"]}
    projects.report_progress(project=project, as_of=DAY, physical_bp=10_000, by=cast.by)
    assert project.progress.get().said_by == cast.by.name
    assert refused(lambda: projects.reopen(project=project, seen=3, by=cast.by, why=" ")) == {
        "why": ["reason_missing"]
    }
    assert refused(
        lambda: register.change(
            record=project, values={"status": "running", "ended_on": None}, seen=3, by=cast.by
        )
    ) == {"__all__": ["reason_missing"]}
    project = projects.reopen(project=project, seen=3, by=cast.by, why="کار ناتمام بود")
    assert (project.status, project.ended_on) == ("running", None)
    other = projects.open_project(code="P2", title="دیگر", unit=cast.unit, by=cast.by)
    project = projects.merge(project=project, seen=4, into=other, on=DAY, by=cast.by, why="یکی شدند")
    assert project.merged_into == other
    assert refused(
        lambda: projects.merge(project=other, seen=1, into=project, on=DAY, by=cast.by, why="دور")
    ) == {"merged_into": ["cycle"]}
    assert refused(lambda: projects.cancel(project=other, seen=1, on=DAY, by=cast.by, why="")) == {
        "why": ["reason_missing"]
    }
    projects.cancel(project=other, seen=1, on=DAY, by=cast.by, why="اعتبار نبود")
    assert Project.objects.count() == 2


def test_every_status_has_its_steps_and_no_other_is_taken(cast: Cast) -> None:
    assert set(STEPS) == set(STATUSES)
    assert refused(lambda: projects.close(project=cast.project, seen=1, report="x", by=cast.by)) == {
        "status": ["status_step"]
    }
    with translation.override("fa"):
        with pytest.raises(ValidationError) as error:
            projects.close(project=cast.project, seen=1, report="x", by=cast.by)
        # Words are found when they are read: in the language of that moment.
        said = str(error.value.message_dict["status"][0])
    assert "در حال اجرا" in said
    assert "running" not in said


def test_milestones_are_numbered_and_reached(cast: Cast) -> None:
    for title in ("نیازسنجی", "آزمایش"):
        last = projects.add_milestone(project=cast.project, title=title, due=DAY, by=cast.by)
    assert last.number == 2
    assert last.overdue(DAY + timedelta(days=1))
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert refused(lambda: projects.reach_milestone(milestone=last, seen=1, on=tomorrow, by=cast.by)) == {
        "reached_on": ["in_future"]
    }
    assert list(Project.objects.with_overdue_milestone(DAY + timedelta(days=1))) == [cast.project]
    last = projects.reach_milestone(milestone=last, seen=1, on=DAY, by=cast.by)
    assert not last.overdue(DAY + timedelta(days=1))


# --- Trees ---------------------------------------------------------------------------------------------------------


def test_no_unit_stands_below_itself(cast: Cast) -> None:
    child = units.add_unit(code="3091", name="زیرساخت", parent="309", by=cast.by)
    grandchild = units.add_unit(code="30911", name="شبکه", parent=child, by=cast.by)
    assert refused(lambda: units.move_unit(unit=cast.unit, seen=1, parent=cast.unit, by=cast.by)) == {
        "parent": ["own_parent"]
    }
    with pytest.raises(ValidationError) as error:
        units.move_unit(unit=cast.unit, seen=1, parent=grandchild, by=cast.by)
    assert codes(error.value) == {"parent": ["cycle"]}
    assert "309 ← 3091 ← 30911 ← 309" in str(error.value.message_dict["parent"][0])
    assert set(Unit.objects.within(child)) == {child, grandchild}
    assert set(Unit.objects.of_it()) == {cast.unit, child, grandchild}


def test_siblings_weigh_at_most_the_whole_on_any_day(cast: Cast) -> None:
    first, second = cast.goals
    assert refused(lambda: goals.add_goal(code="G3", title="سوم", weight_bp=1, by=cast.by)) == {
        "weight_bp": ["siblings_exceed"]
    }
    goals.add_goal(code="G11", title="زیر", parent=first, weight_bp=10_000, by=cast.by)
    # Goals of another time weigh among themselves.
    first = goals.end_goal(goal=first, seen=1, on=DAY, by=cast.by)
    second = goals.end_goal(goal=second, seen=1, on=DAY, by=cast.by)
    goals.add_goal(code="G3", title="دورهٔ بعد", weight_bp=10_000, valid_from=DAY, by=cast.by)
    before = date(2020, 1, 1)
    assert refused(
        lambda: goals.add_goal(code="G4", title="همزمان", weight_bp=1, valid_from=before, by=cast.by)
    ) == {"weight_bp": ["siblings_exceed"]}
    goals.weigh(weights={first: 4_000, second: 6_000}, seen={first: 2, second: 2}, by=cast.by)
    assert dict(Goal.objects.filter(parent=None).values_list("code", "weight_bp"))["G2"] == 6_000
    goals.set_indicators(goal=first, indicators=[cast.indicator], seen=None, by=cast.by)
    assert cast.indicator.goals.get() == first
    assert first not in Goal.objects.without_indicator()


def test_a_post_passes_from_one_to_another(cast: Cast) -> None:
    units.appoint(unit=cast.unit, title="رئیس", holder="الف", since=date(2020, 1, 1), by=cast.by)
    units.appoint(unit=cast.unit, title="رئیس", holder="ب", since=DAY, by=cast.by)
    assert list(Post.objects.order_by("valid_from").values_list("holder", "valid_until")) == [
        ("الف", DAY),
        ("ب", None),
    ]
    assert Post.objects.held(DAY).get().holder == "ب"


# --- Readings ------------------------------------------------------------------------------------------------------


def test_a_reading_is_its_quotient(cast: Cast) -> None:
    def read(value: str, numerator: str = "1", denominator: str = "3") -> Reading:
        return indicators.read(
            indicator=cast.indicator,
            period_start=DAY,
            period_end=DAY,
            value=Decimal(value),
            numerator=Decimal(numerator),
            denominator=Decimal(denominator),
            quality="measured",
            by=cast.by,
        )

    assert refused(lambda: read("34")) == {"value": ["not_the_quotient"]}
    assert refused(lambda: read("0", "0", "0")) == {"denominator": ["denominator"]}
    assert read("33.3").value == Decimal("33.3")


@given(
    st.decimals(0, 10**6, places=2),
    st.decimals("0.01", 10**6, places=2),
    st.sampled_from([0, 2, 3, 5]),
    st.integers(0, 6),
)
def test_a_rounded_quotient_is_one(numerator: Decimal, denominator: Decimal, power: int, places: int) -> None:
    exact = Decimal(10) ** power * numerator / denominator
    assert is_quotient(round(exact, places), numerator, denominator)
    # A figure apart from it by more than rounding is none, on any of the scales that people write.
    off = exact * Decimal("1.37") + Decimal("1.5")
    scales = [Decimal(10) ** p * numerator / denominator for p in (0, 2, 3, 4, 5, 6)]
    if all(abs(round(off, 2) - scale) > Decimal("0.5") for scale in scales):
        assert not is_quotient(round(off, 2), numerator, denominator)


# --- The other nouns -----------------------------------------------------------------------------------------------


def test_the_verbs_of_the_other_nouns(cast: Cast) -> None:
    by = cast.by
    system = systems.add_system(code="Y1", name="شهرسازی", unit=cast.unit, state="building", by=by)
    system = systems.put_in_use(system=system, seen=1, since=DAY, by=by)
    registry = institutions.add_institution(code="R", name="ثبت احوال", by=by)
    link = systems.add_link(code="L1", data="هویت", provider_institution=registry, consumer_unit="309", by=by)
    assert link.state(DAY) == "needed"
    link = systems.agree(link=link, seen=1, on=DAY, by=by)
    link = systems.see_in_use(link=link, seen=2, on=DAY, by=by)
    assert (link.state(DAY), link.state(DAY + timedelta(days=91))) == ("in_use", "unseen")
    assert refused(
        lambda: systems.add_link(code="L2", data="x", provider_unit="309", consumer_unit="309", by=by)
    ) == {"consumer_unit": ["link_to_itself"]}
    system = systems.retire(system=system, seen=2, on=DAY, by=by)

    asset = assets.add_asset(tag="A-1", name="سرور", kind="server", price=10**12, bought_on=DAY, by=by)
    assert refused(lambda: assets.change_asset(asset=asset, seen=1, price=-1, by=by)) == {
        "price": ["negative"]
    }
    asset = assets.enter(asset=asset, seen=1, on=DAY, by=by)
    asset = assets.hand_over(asset=asset, seen=2, unit=cast.unit, place="طبقهٔ ۲", by=by)
    asset = assets.retire(asset=asset, seen=3, lost=True, by=by, why="سرقت")
    assert (asset.unit, asset.state, asset.registered_on) == (cast.unit, "lost", DAY)

    contract = contracts.add_contract(contract_no="۱۴۰۲/۵", title="خرید", amount=5, by=by)
    contract = contracts.amend(contract=contract, seen=1, amount=6, by=by, why="الحاقیه")
    contract = contracts.close(contract=contract, seen=2, on=DAY, completed=True, by=by)
    assert (contract.contract_no, contract.amount, contract.current_amount) == ("1402/5", 5, 6)

    resolution = resolutions.add_resolution(number="۱۲", date=DAY, title="نقشهٔ راه", by=by)
    earlier = DAY - timedelta(days=1)
    assert refused(
        lambda: resolutions.notify(resolution=resolution, seen=1, number="n", on=earlier, by=by)
    ) == {"notified_on": ["ends_before_start"]}
    resolution = resolutions.notify(resolution=resolution, seen=1, number="n", on=DAY, by=by)
    assert resolution.state == "notified"

    counted = staff.count(unit=cast.unit, skill="شبکه", as_of=DAY, heads=4, capacity_days=800, by=by)
    counted = staff.correct_count(staff=counted, seen=1, heads=5, capacity_days=1_000, by=by)
    assert counted.version == 2

    channel = services.open_channel(service=cast.service, kind="web", trips=Decimal(0), by=by)
    services.change_channel(channel=channel, seen=1, until=DAY, by=by)
    services.stop_service(service=cast.service, seen=1, by=by)
    target = indicators.aim(indicator=cast.indicator, due=DAY, value=Decimal(80), by=by)
    indicators.change_target(target=target, seen=1, value=Decimal(70), by=by, why="واقع‌بینانه")


# --- Any noun ------------------------------------------------------------------------------------------------------


def test_keys_do_not_change_and_unknown_ones_are_named(cast: Cast) -> None:
    assert refused(
        lambda: register.change(record=cast.project, values={"code": "P9"}, seen=1, by=cast.by)
    ) == {"code": ["key_kept"]}
    assert refused(
        lambda: register.add(noun="project", values={"code": "P3", "title": "x", "unit": "999"}, by=cast.by)
    ) == {"unit": ["unknown_key"]}
    assert refused(lambda: register.add(noun="unit", values={"colour": "red"}, by=cast.by)) == {
        "__all__": ["unknown_column"]
    }
    assert refused(lambda: register.add(noun="unit", values={"code": "۳۰۹", "name": "y"}, by=cast.by)) == {
        "code": ["key_taken"]
    }
    assert refused(lambda: register.remove(record=cast.project, seen=1, by=cast.by)) == {"__all__": ["stays"]}
    found = register.find(noun="project", key={"code": "P۱"})
    assert found == cast.project


def test_a_joint_is_taken_away_if_it_is_as_it_was_seen(cast: Cast) -> None:
    goals.set_indicators(goal=cast.goals[0], indicators=[cast.indicator], seen=None, by=cast.by)
    joint = register.find(noun="goal_indicator", key={"goal": "G1", "indicator": "I1"})
    with pytest.raises(StaleError):
        register.remove(record=joint, seen=7, by=cast.by)
    register.remove(record=joint, seen=1, by=cast.by)
    assert not cast.indicator.goals.exists()
    projects.set_goals(project=cast.project, weights={cast.goals[0]: 10_000}, seen=None, by=cast.by)
    assert ProjectGoal.objects.get().REMOVABLE
    assert not Baseline.REMOVABLE


@pytest.mark.parametrize("language", ["fa", "en"])
def test_every_refusal_is_said_in_both_languages(language: str) -> None:
    with translation.override(language):
        for code, english in problems.RECORD_PROBLEMS.items():
            message = str(problems.Refusal("", code, "الف", "ب").error().messages[0])
            assert "%(" not in message
            assert (language == "en") == (message == english % {"found": "الف", "expected": "ب"})


def test_every_choice_has_its_label_in_both_languages() -> None:
    for sheet in tables.SHEETS:
        model = register.model_of(sheet.name)
        for field in model._meta.concrete_fields:
            if not field.choices:
                continue
            names = CHOICES[sheet.model, field.name]
            assert list(names) == [code for code, _ in field.choices], (sheet.model, field.name)
            for code in names:
                with translation.override("fa"):
                    persian = str(label(sheet.model, field.name, code))
                with translation.override("en"):
                    assert str(label(sheet.model, field.name, code)) != persian
            # A file's label means one code alone.
            assert len(set(names.values())) == len(names)


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "unit_ends_after_start": ("unit", {"valid_from": DAY, "valid_until": DAY}),
    "unit_not_own_parent": ("unit", {"pk": 7, "parent_id": 7}),
    "post_ends_after_start": ("post", {"valid_from": DAY, "valid_until": DAY}),
    "goal_weight_within_whole": ("goal", {"weight_bp": 10_001}),
    "goal_not_own_parent": ("goal", {"pk": 7, "parent_id": 7}),
    "reading_period_in_order": ("reading", {"period_start": DAY, "period_end": DAY - timedelta(days=1)}),
    "reading_not_by_nought": ("reading", {"denominator": Decimal(0)}),
    "project_merged_into_another": ("project", {"status": "merged"}),
    "project_not_merged_into_itself": ("project", {"pk": 7, "status": "merged", "merged_into_id": 7}),
    "baseline_from_one": ("baseline", {"number": 0, "reason": "x"}),
    "baseline_changed_for_a_reason": ("baseline", {"number": 2}),
    "baseline_in_order": ("baseline", {"number": 1, "start": DAY, "end": DAY - timedelta(days=1)}),
    "baseline_budget_not_negative": ("baseline", {"number": 1, "budget": -1}),
    "progress_within_whole": ("progress", {"physical_bp": 10_001}),
    "project_goal_weight_within": ("project_goal", {"weight_bp": 0}),
    "project_partner_is_one": ("project_partner", {}),
    "asset_price_not_negative": ("asset", {"price": -1}),
    "contract_in_order": ("contract_record", {"start": DAY, "end": DAY - timedelta(days=1)}),
    "data_link_one_provider": ("data_link", {"consumer_unit_id": 1}),
    "data_link_one_consumer": ("data_link", {"provider_unit_id": 1}),
    "data_link_seen_after_start": (
        "data_link",
        {
            "provider_unit_id": 1,
            "consumer_institution_id": 1,
            "in_use_since": DAY,
            "last_seen_on": DAY - timedelta(days=1),
        },
    ),
}
"""Check of the database → a noun, and values that it would refuse."""
BY_CHOICE = {"project_status_known", "reading_quality_known"}


def test_what_the_database_refuses_the_model_refuses_first_in_words() -> None:
    checks = {
        constraint.name
        for sheet in tables.SHEETS
        for constraint in register.model_of(sheet.name)._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    }
    assert checks == set(WRONG) | BY_CHOICE
    for noun, values in WRONG.values():
        wrong = list(register.model_of(noun)(**values).refusals())
        assert [one.code in problems.RECORD_PROBLEMS for one in wrong] == [True], (noun, values, wrong)
