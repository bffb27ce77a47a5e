"""Every noun of the register on the workbench: its list, a record's page, every form; and what only some of them have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rasad.actions import (
    assets,
    contracts,
    goals,
    indicators,
    institutions,
    projects,
    resolutions,
    services,
    staff,
    systems,
    units,
)
from rasad.records.models import (
    Asset,
    AuditEvent,
    Channel,
    Contract,
    DataLink,
    Goal,
    Indicator,
    Institution,
    Post,
    Project,
    Reading,
    Resolution,
    Service,
    StaffCount,
    System,
    Unit,
)
from rasad.web.workbench.days import days_said
from rasad.web.workbench.nouns import NOUNS
from rasad.web.workbench.nouns.kinds import Noun, Verb

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 2)
LIST_QUERIES, PAGE_QUERIES, FORM_QUERIES = 9, 14, 8


@pytest.fixture
def world(db: None) -> None:
    """A record or two of every noun, with what stands on its page."""
    top = units.add_unit(code="100", name="شهرداری", by=None)
    it = units.add_unit(code="309", name="سازمان فناوری", name_en="ICT", parent=top, is_it=True, by=None)
    units.appoint(unit=it, title="رئیس", holder="سارا", since=date(2020, 1, 1), by=None)
    staff.count(unit=it, skill="برنامه‌نویس", as_of=DAY, heads=4, capacity_days=800, by=None)
    bank = institutions.add_institution(code="B1", name="بانک", by=None)
    ordered = resolutions.add_resolution(number="99/118", date=date(2020, 1, 1), title="یکپارچه‌سازی", by=None)
    project = projects.open_project(
        code="P1", title="شهرسازی", unit=it, status="running", budget=5, resolution=ordered, by=None
    )
    first = goals.add_goal(code="G1", title="شهر الکترونیک", weight_bp=6_000, by=None)
    goals.add_goal(code="G2", title="شفافیت", weight_bp=4_000, by=None)
    goals.add_goal(code="G11", title="پروانه", parent=first, weight_bp=7_000, by=None)
    goals.add_goal(code="G12", title="عوارض", parent=first, weight_bp=2_000, by=None)
    projects.set_goals(project=project, weights={first: 10_000}, seen=None, by=None)
    indicator = indicators.add_indicator(code="I1", title="خدمت برخط", measured_in="درصد", by=None)
    goals.set_indicators(goal=first, indicators=[indicator], seen=None, by=None)
    indicators.aim(indicator=indicator, due=date(2025, 3, 20), value=Decimal(80), by=None)
    for year, value in ((2022, "12.5"), (2023, "40")):
        indicators.read(
            indicator=indicator,
            period_start=date(year, 1, 1),
            period_end=date(year, 12, 31),
            value=Decimal(value),
            quality="measured",
            by=None,
        )
    service = services.add_service(code="S1", name="پروانهٔ ساخت", unit=it, fee=1_000_000, by=None)
    services.open_channel(service=service, kind="web", trips=Decimal(0), by=None)
    system = systems.add_system(code="Y1", name="نقشه", unit=it, state="building", by=None)
    systems.add_link(
        code="L1", data="هویت", provider_institution=bank, consumer_unit=it, consumer_system=system, by=None
    )
    assets.add_asset(
        tag="A1", name="کارساز", kind="server", bought_on=DAY, price=7, contract_no="C1", unit=it, by=None
    )
    contracts.add_contract(contract_no="C1", title="خرید کارساز", amount=100, unit=it, by=None)


@pytest.fixture
def it(sign_in: Any, world: None) -> Client:
    client: Client = sign_in("it", "secretary", "finance", "data")
    client.get("/en/")
    return client


def nouns(name: str) -> Noun:
    return next(noun for noun in NOUNS if noun.name == name)


def forms(noun: Noun) -> Iterator[tuple[str, Verb, Any]]:
    """Every form of a noun: its address, its verb, the record that it is about."""
    record = noun.records().order_by("pk").first()
    if noun.add is not None:
        yield reverse(f"workbench:{noun.one}-new"), noun.add, None
    for verb in noun.verbs:
        yield reverse(f"workbench:{noun.one}-{verb.name}", args=[record.pk]), verb, record
    for part in noun.parts:
        for verb in part.verbs:
            one = part.model._base_manager.order_by("pk").first()
            if one is not None:
                yield reverse(f"workbench:{noun.one}-{part.noun}-{verb.name}", args=[one.pk]), verb, one


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.name)
def test_lists_pages_and_forms_stand_and_ask_little(
    it: Client, noun: Noun, django_assert_max_num_queries: Any
) -> None:
    with translation.override("fa"):
        record = noun.records().order_by("pk").first()
        list_address, page_address = (
            reverse(f"workbench:{noun.many}"),
            reverse(f"workbench:{noun.one}", args=[record.pk]),
        )
        found = list(forms(noun))
    with django_assert_max_num_queries(LIST_QUERIES):
        listed = it.get(list_address)
    assert record.pk in {
        int(url.split("/")[3])
        for row in listed.context["table"].rows
        for key, url in row.items()
        if key.endswith("_url")
    }
    for column in (one.sort for one in noun.columns if one.sort):
        assert it.get(list_address, {"order": f"-{column}"}).status_code == 200, column
    for filter in noun.filters:
        options = [option.value for option in filter.options()]
        for value in options if filter.name == "state_of" else options[:1]:
            assert it.get(list_address, {filter.name: value}).status_code == 200, (filter.name, value)
    sought = it.get(list_address, {"q": str(getattr(record, noun.model.KEY[0]))})
    assert sought.context["table"].rows
    csv = b"".join(it.get(f"{list_address}file/csv/")).decode("utf-8-sig")  # type: ignore[arg-type]
    assert csv.count("\r\n") == noun.model._base_manager.count() + 1
    with django_assert_max_num_queries(PAGE_QUERIES):
        page = it.get(page_address)
    assert page.context["changes"], "its history"
    with translation.override("fa"):
        assert days_said(record.key) in page.content.decode()
    for address, verb, one in found:
        with django_assert_max_num_queries(FORM_QUERIES):
            got = it.get(address)
        # As it is now: the forms before this one changed it.
        fits = one is None or verb.fits(type(one)._base_manager.get(pk=one.pk))
        assert got.status_code == (200 if fits else 302), address
        if not fits:
            continue
        # What the form shows is what it takes: sent as it stands it may lack something, but nothing in it is unreadable.
        form = got.context["form"]
        sent = {bound.html_name: bound.value() or "" for bound in form}
        sent = {name: value[0] if isinstance(value, tuple) else value for name, value in sent.items()}
        again = it.post(address, {**sent, "why": "بازبینی"})
        if again.status_code == 422:
            codes = {error.code for some in again.context["form"].errors.as_data().values() for error in some}
            assert codes <= {"required", "key_taken", "one_side"}, (address, codes)
        else:
            assert again.status_code == 302, address


def wrong(page: Any) -> str:
    form = page.context["form"]
    assert page.status_code == 422
    return " ".join(str(error) for some in form.errors.values() for error in some)


def address(record: Any, verb: str, lang: str = "en") -> str:
    noun = next(noun for noun in NOUNS if noun.model is type(record))
    with translation.override(lang):
        return reverse(f"workbench:{noun.one}-{verb}", args=[record.pk])


def test_a_reading_with_its_parts_quality_and_period(it: Client) -> None:
    indicator = Indicator.objects.get()
    form = it.get(address(indicator, "read", "fa"))
    assert form.context["form"]["period_start"].value() == "۱۴۰۲/۱۰/۱۱"
    sent = {
        "period_start": "2024-01-01",
        "period_end": "2024-12-31",
        "value": "۶۲٫۵",
        "numerator": "۵٬۰۰۰",
        "denominator": "8000",
        "source": "سامانه",
        "quality": "measured",
    }
    for change, english, persian in (
        ({"denominator": "0"}, "nothing is divided by nought", "صفر"),
        ({"value": "61"}, "is not numerator ÷ denominator (0.625)", "۰٫۶۲۵"),
        ({"period_end": "2023-12-31"}, "is before the start", "۱۴۰۲/۱۰/۱۰"),
        ({"quality": "guess"}, "is none of the choices", "هیچ‌یک از گزینه‌ها"),
        (
            {"period_start": "2022-01-01", "period_end": "2022-12-31"},
            "one with this key already",
            "با این کلید یکی هست",
        ),
    ):
        assert english.lower() in wrong(it.post(address(indicator, "read"), {**sent, **change})).lower()
        assert persian in wrong(it.post(address(indicator, "read", "fa"), {**sent, **change}))
    assert it.post(address(indicator, "read"), sent).status_code == 302
    latest = Reading.objects.get(period_start=date(2024, 1, 1))
    assert (latest.value, latest.numerator, latest.quality) == (Decimal("62.5"), 5_000, "measured")
    page = it.get(reverse("workbench:indicator", args=[indicator.pk]))
    read, aimed = page.context["chart"].series
    assert [value for value in read.values if value is not None] == [12.5, 40.0, 62.5]
    assert [value for value in aimed.values if value is not None] == [80.0]


def test_goals_beside_each_other_are_weighed_together(it: Client) -> None:
    goal = Goal.objects.get(code="G1")
    form = it.get(address(goal, "weigh")).context["form"]
    seen = form["seen_set"].value()
    sent = {"weights-0-weight_bp": "70", "weights-1-weight_bp": "30.01", "seen_set": seen}
    assert "The weights come to 100.01 %; together they may be at most 100 %." in wrong(
        it.post(address(goal, "weigh"), sent)
    )
    assert (
        it.post(address(goal, "weigh"), {**sent, "weights-1-weight_bp": "۳۰", "why": "بازنگری"}).status_code
        == 302
    )
    assert dict(Goal.objects.filter(parent=goal).values_list("code", "weight_bp")) == {
        "G11": 7_000,
        "G12": 3_000,
    }
    # Another goal came beside them meanwhile, or one of them changed: shown, not written over.
    late = it.post(address(goal, "weigh"), {**sent, "weights-1-weight_bp": "10"})
    assert late.status_code == 409
    goals.add_goal(code="G13", title="نو", parent=goal, by=None)
    later = it.post(
        address(goal, "weigh"),
        {
            **sent,
            "weights-1-weight_bp": "10",
            "weights-2-weight_bp": "0",
            "seen_set": late.context["form"]["seen_set"].value(),
        },
    )
    assert later.status_code == 409
    assert dict(Goal.objects.filter(parent=goal).values_list("code", "weight_bp")) == {
        "G11": 7_000,
        "G12": 3_000,
        "G13": 0,
    }


def test_a_goals_place_is_refused_in_the_words_of_a_form(it: Client) -> None:
    goal, below = Goal.objects.get(code="G1"), Goal.objects.get(code="G11")
    move = {"seen": str(goal.version), "parent": "G11", "weight_bp": "10"}
    assert "would stand below itself: G1 ← G11 ← G1" in wrong(it.post(address(goal, "move"), move))
    heavy = {"code": "G3", "title": "سوم", "weight_bp": "0.5"}
    assert "come to 100.5 %; together at most 100 %" in wrong(it.post("/en/goals/new/", heavy))
    assert "۱۰۰٫۵٪" in wrong(it.post("/fa/goals/new/", heavy))
    tree = it.get("/en/goals/").context["table"].rows
    assert [(row["code"], row["depth"]) for row in tree] == [("G1", 0), ("G11", 1), ("G12", 1), ("G2", 0)]
    page = it.get(reverse("workbench:goal", args=[below.pk]))
    assert [link.label for link in page.context["above"]] == ["شهر الکترونیک"]
    shares = [
        row["share"]
        for row in it.get(reverse("workbench:goal", args=[goal.pk])).context["parts"][0]["table"].rows
    ]
    assert shares == pytest.approx([0.7, 0.2, 0.1])


def test_links_from_needed_to_seen_in_use(it: Client) -> None:
    unit, link = Unit.objects.get(code="309"), DataLink.objects.get()
    both = {
        "code": "L2",
        "data": "ملک",
        "provider_unit": "309",
        "provider_institution": "B1",
        "consumer_unit": "100",
    }
    assert "either a unit or an institution" in wrong(it.post("/en/links/new/", both))
    same = {**both, "provider_institution": "", "consumer_unit": "309"}
    assert "Both sides are one and the same: 309" in wrong(it.post("/en/links/new/", same))
    it.post(address(link, "agree"), {"seen": "1", "agreed_on": "1402/1/1", "legal_basis": "آیین‌نامه"})
    it.post(address(link, "seen"), {"seen": "2", "last_seen_on": "1402/2/1"})
    it.post(address(link, "seen"), {"seen": "3", "last_seen_on": "1402/3/1"})
    link.refresh_from_db()
    assert (link.agreed_on, link.in_use_since, link.last_seen_on, link.legal_basis) == (
        date(2023, 3, 21),
        date(2023, 4, 21),
        date(2023, 5, 22),
        "آیین‌نامه",
    )
    for state, count in (("needed", 0), ("agreed", 0), ("in_use", 0), ("unseen", 1)):
        assert len(it.get(f"/en/links/?state_of={state}").context["table"].rows) == count, state
    assert unit in {link.consumer}


def test_units_posts_and_staff(it: Client) -> None:
    unit, post = Unit.objects.get(code="309"), Post.objects.get()
    it.post(address(unit, "appoint"), {"title": "رئیس", "holder": "علی", "valid_from": "1403/1/1"})
    assert [(one.holder, one.valid_until) for one in Post.objects.order_by("valid_from")] == [
        ("سارا", date(2024, 3, 20)),
        ("علی", None),
    ]
    early = it.post(
        reverse("workbench:unit-post-leave", args=[post.pk]), {"seen": "2", "valid_until": "1390/1/1"}
    )
    assert "is before the start" in wrong(early)
    again = {"skill": "برنامه‌نویس", "as_of": "2024-08-02", "heads": "5", "capacity_days": "1,000"}
    assert "one with this key already" in wrong(it.post(address(unit, "count"), again))
    assert "is less than nought" in wrong(it.post(address(unit, "count"), {**again, "heads": "-5"}))
    count = StaffCount.objects.get()
    it.post(
        reverse("workbench:staff-count-change", args=[count.pk]),
        {"seen": "1", "heads": "۵", "capacity_days": "۱٬۰۰۰", "vacancies": "0", "why": "شمارش دوباره"},
    )
    count.refresh_from_db()
    assert (count.heads, count.capacity_days) == (5, 1_000)
    assert "would stand below itself" in wrong(
        it.post(address(Unit.objects.get(code="100"), "move"), {"seen": "1", "parent": "309"})
    )


def test_assets_contracts_and_resolutions(it: Client) -> None:
    asset, contract, resolution = Asset.objects.get(), Contract.objects.get(), Resolution.objects.get()
    it.post(address(asset, "enter"), {"seen": "1", "registered_on": "1403/6/1"})
    it.post(address(asset, "hand-over"), {"seen": "2", "unit": "شهرداری", "place": "ساختمان یک"})
    assert "this needs its reason" in wrong(it.post(address(asset, "lost"), {"seen": "3"}))
    it.post(address(asset, "lost"), {"seen": "3", "why": "دزدیده شد"})
    asset.refresh_from_db()
    assert (asset.registered_on, asset.unit.code if asset.unit else "", asset.state) == (
        date(2024, 8, 22),
        "100",
        "lost",
    )
    it.post(
        address(contract, "amend"),
        {"seen": "1", "current_amount": "۱۲", "current_amount_unit": "toman", "end": "", "why": "متمم"},
    )
    it.post(address(contract, "complete"), {"seen": "2", "closed_on": "1403/6/1"})
    contract.refresh_from_db()
    assert (contract.amount, contract.current_amount, contract.state) == (100, 120, "completed")
    before = it.post(
        address(resolution, "notify"), {"seen": "1", "notified_no": "۱۲", "notified_on": "1390/1/1"}
    )
    assert "is before the start" in wrong(before)
    it.post(address(resolution, "notify"), {"seen": "1", "notified_no": "۱۲", "notified_on": "1398/11/1"})
    resolution.refresh_from_db()
    assert (resolution.state, resolution.notified_no) == ("notified", "۱۲")
    page = it.get(reverse("workbench:resolution", args=[resolution.pk]))
    assert [row["code"] for row in page.context["parts"][0]["table"].rows] == ["P1"]


def test_services_and_their_ways(it: Client) -> None:
    service, channel = Service.objects.get(), Channel.objects.get()
    it.post(
        address(service, "channel"),
        {"kind": "in_person", "trips": "۲٫۵", "travel_cost": "۵۰", "travel_cost_unit": "toman"},
    )
    assert (
        Channel.objects.get(kind="in_person").trips,
        Channel.objects.get(kind="in_person").travel_cost,
    ) == (Decimal("2.5"), 500)
    assert "one with this key already" in wrong(it.post(address(service, "channel"), {"kind": "in_person"}))
    late = it.post(
        reverse("workbench:service-channel-change", args=[channel.pk]),
        {"seen": "1", "since": "1403/1/1", "until": "1402/1/1"},
    )
    assert "is before the start" in wrong(late)
    it.post(address(service, "stop"), {"seen": "1"})
    service.refresh_from_db()
    assert not service.is_active
    assert it.get(address(service, "stop")).status_code == 302
    assert AuditEvent.objects.of(service).first().action == "service.stop"  # type: ignore[union-attr]


def test_two_writers_of_a_tick_are_both_heard(it: Client) -> None:
    unit = Unit.objects.get(code="100")
    form = it.get(address(unit, "change")).context["form"]
    mine = {name: form[name].value() or "" for name in form.fields if name != "is_it"}
    units.change_unit(unit=unit, seen=1, is_it=True, by=None)
    page = it.post(address(unit, "change"), {**mine, "name": "شهرداری نمونه‌شهر"})
    assert page.status_code == 409
    (conflict,) = page.context["conflicts"]
    assert (conflict.name, conflict.theirs, conflict.mine, conflict.touched) == ("is_it", "on", "", False)
    it.post(
        address(unit, "change"),
        {**dict(page.context["rest"]), "seen": page.context["seen"], "is_it": conflict.theirs},
    )
    unit.refresh_from_db()
    assert (unit.is_it, unit.name) == (True, "شهرداری نمونه‌شهر")


def test_who_may_not_write_a_noun_is_offered_and_allowed_nothing(sign_in: Any, world: None) -> None:
    finance = sign_in("finance")
    assert finance.get("/en/goals/").context["add"] == ""
    assert finance.get("/en/contracts/").context["add"] == "/en/contracts/new/"
    assert finance.get("/en/goals/new/").status_code == 403
    for record in (Project.objects.get(), Institution.objects.get(), System.objects.get()):
        assert finance.post(address(record, "change"), {"seen": "1"}).status_code == 403
