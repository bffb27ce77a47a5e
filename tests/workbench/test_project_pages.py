"""Projects on the workbench: found, read with all that is said of them, and written by forms that say what is wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from desk_cast import make_account
from django.test import Client
from django.utils import timezone

from rasad.actions import goals, institutions, projects, services, units
from rasad.records.models import AuditEvent, Baseline, Goal, Project, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(db: None) -> Unit:
    return units.add_unit(code="309", name="سازمان فناوری", name_en="ICT organisation", by=None)


@pytest.fixture
def project(unit: Unit) -> Project:
    return projects.open_project(
        code="P1", title="سامانهٔ یکپارچهٔ شهرسازی", title_en="Planning system", unit=unit, status="running",
        start=date(2021, 3, 21), end=date(2023, 3, 20), budget=420_000_000_000, by=None,
    )  # fmt: skip


@pytest.fixture
def it(sign_in: Any) -> Client:
    return sign_in("it", "secretary", "auditor")


def wrong_at(page: Any, name: str) -> str:
    return " ".join(str(error) for error in page.context["form"][name].errors)


# --- The list ------------------------------------------------------------------------------------------------------


def titles(page: Any) -> list[str]:
    return [row["code"] for row in page.context["table"].rows]


def test_a_project_is_found_however_it_is_typed(it: Client, project: Project, unit: Unit) -> None:
    projects.open_project(code="P2", title="کتابخانهٔ دیجیتال", unit=unit, by=None)
    projects.open_project(code="۱۴۰۳-۷", title="نرم‌افزار مالی", unit=unit, by=None)
    for typed, found in (
        ("يكپارچه", ["P1"]),
        ("دیجیتال كتابخانه", ["P2"]),
        ("planning", ["P1"]),
        ("نرم افزار", ["1403-7"]),
        ("۱۴۰۳", ["1403-7"]),
        ("هیچ‌کدام", []),
    ):
        assert titles(it.get("/fa/projects/", {"q": typed})) == found, typed


def test_filters_orders_and_files_follow_the_address(it: Client, project: Project, unit: Unit) -> None:
    other = units.add_unit(code="410", name="معاونت فنی", by=None)
    projects.open_project(code="P2", title="ب", unit=other, budget=7, by=None)
    assert titles(it.get("/en/projects/?status=running")) == ["P1"]
    assert titles(it.get("/en/projects/?unit=410")) == ["P2"]
    assert titles(it.get("/en/projects/?state_of=late")) == ["P1"]
    assert titles(it.get("/en/projects/?order=-current_budget")) == ["P1", "P2"]
    assert titles(it.get("/en/projects/?order=current_budget")) == ["P2", "P1"]
    assert [chip.value for chip in it.get("/en/projects/?unit=410&q=b").context["chips"]] == [
        "b",
        "معاونت فنی",
    ]
    for wrong in ("status=king", "order=version", "page=9"):
        assert it.get(f"/en/projects/?{wrong}").status_code == 400, wrong
    file = b"".join(it.get("/fa/projects/file/csv/?unit=410")).decode("utf-8-sig")  # type: ignore[arg-type]
    assert [line.split(",")[0] for line in file.splitlines()] == ["کد", "P2"]
    assert it.get("/fa/projects/file/exe/").status_code == 404


def test_a_list_asks_the_database_no_more_for_more_projects(
    it: Client, unit: Unit, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        projects.open_project(code=f"P{number:02}", title="پروژه", unit=unit, budget=number, by=None)
    it.get("/fa/projects/")
    with django_assert_max_num_queries(6):
        page = it.get("/fa/projects/")
    assert len(page.context["table"].rows) == 50
    assert page.context["pages"].next_url == "/fa/projects/?page=2"


# --- One project ---------------------------------------------------------------------------------------------------


def test_a_page_says_everything_with_its_history(
    it: Client, project: Project, django_assert_max_num_queries: Any
) -> None:
    by = make_account("it", email="sara@example.org", name="سارا")
    goal = goals.add_goal(code="G1", title="شهر الکترونیک", by=by)
    service = services.add_service(code="S1", name="پروانهٔ ساخت", unit="309", by=by)
    projects.set_goals(project=project, weights={goal: 10_000}, seen=None, by=by)
    projects.set_services(project=project, changes={service: "بی‌مراجعه"}, seen=None, by=by)
    projects.set_partners(
        project=project,
        partners=[(institutions.add_institution(code="B1", name="بانک", by=by), "پرداخت")],
        seen=None,
        by=by,
    )
    projects.add_milestone(project=project, title="تحویل موقت", due=date(2022, 1, 1), by=by)
    projects.report_progress(
        project=project, as_of=date(2022, 3, 20), physical_bp=3_000, said_by="مجری", by=by
    )
    projects.report_progress(
        project=project, as_of=date(2023, 3, 20), physical_bp=4_500, said_by="مجری", by=by
    )
    projects.rebaseline(
        project=project,
        seen=1,
        start=date(2021, 3, 21),
        end=date(2025, 3, 20),
        budget=714_000_000_000,
        reason="افزایش بها",
        by=by,
    )
    it.get("/fa/projects/")
    with django_assert_max_num_queries(14):
        page = it.get(f"/fa/projects/{project.pk}/")
    html = page.content.decode()
    for said in (
        "شهر الکترونیک",
        "پروانهٔ ساخت",
        "بی‌مراجعه",
        "بانک",
        "تحویل موقت",
        "عقب‌افتاده",
        "مجری",
        "افزایش بها",
        "سارا",
    ):
        assert said in html, said
    assert page.context["stats"][0].amount == 714_000_000_000
    assert "۴۲۰ میلیارد ریال" in page.context["stats"][0].note
    assert page.context["rating"]["level"] == "off_course"
    assert [len(one.values) for one in page.context["chart"].series] == [2, 2]
    told = [event for change in page.context["changes"] for event in change.events]
    assert {event.noun for event in told} == {"پروژه", "خط مبنا", "گام", "پیشرفت فیزیکی", "هدفِ پروژه", "خدمتِ پروژه", "همکارِ پروژه"}  # fmt: skip
    assert "Planning system" in it.get(f"/en/projects/{project.pk}/").content.decode()


def test_who_only_reads_is_offered_nothing_to_do(sign_in: Any, project: Project) -> None:
    projects.add_milestone(project=project, title="تحویل", due=date(2022, 1, 1), by=None)
    page = sign_in("member").get(f"/en/projects/{project.pk}/")
    assert page.context["verbs"] == page.context["more"] == []
    assert "/projects/" in page.content.decode()
    assert f"/projects/{project.pk}/change/" not in page.content.decode()
    assert "/reach/" not in page.content.decode()
    assert page.context["whole_trail"] == ""


# --- Writing -------------------------------------------------------------------------------------------------------

NEW = {"code": "P9", "title": "پروژهٔ نو", "unit": "309", "kind": "data", "why": "مصوبهٔ ۱۲"}


DAYS = ("۱۴۰۳/۵/۱۲", "1403-05-12", "۱۲ مرداد ۱۴۰۳", "14030512", "2024-08-02", " ۱۲/۵/۱۴۰۳ ")
AMOUNTS = (
    ("۱٬۲۵۰٬۰۰۰٬۰۰۰", "full"),
    ("1,250", "million"),
    ("۱٫۲۵", "billion"),
    ("125,000,000", "toman"),
    ("۱۲۵", "million_toman"),
    ("1250000000", ""),
)


def test_a_project_is_opened_however_its_days_and_amounts_are_typed(it: Client, unit: Unit) -> None:
    for number, (typed, (amount, told_in)) in enumerate(zip(DAYS, AMOUNTS, strict=True)):
        sent = {**NEW, "code": f"N{number}", "start": typed, "budget": amount, "budget_unit": told_in}
        done = it.post("/fa/projects/new/", sent)
        project = Project.objects.get(code=f"N{number}")
        assert done["Location"] == f"/fa/projects/{project.pk}/"
        baseline = Baseline.objects.get(project=project)
        assert (baseline.start, baseline.budget) == (date(2024, 8, 2), 1_250_000_000), (typed, amount)
    event = AuditEvent.objects.of(project).get()
    assert (event.action, event.why, event.account_name) == ("project.open", "مصوبهٔ ۱۲", "زهرا")
    # What the form shows is what it takes.
    again = it.get(f"/fa/projects/{project.pk}/rebaseline/").context["form"]
    assert again["start"].value() == "۱۴۰۳/۰۵/۱۲"
    assert again["budget"].value() == ("۱٬۲۵۰٬۰۰۰٬۰۰۰", "full")


WRONG = [
    ("start", {"start": "1403/13/01"}, "a year has twelve months", "سال دوازده ماه دارد"),
    ("start", {"start": "1403/07/31"}, "this month has no such day", "این ماه چنین روزی ندارد"),
    ("start", {"start": "1402/12/30"}, "this year has no leap day", "این سال کبیسه نیست"),
    ("start", {"start": "زود"}, "is no day", "تاریخ نیست"),
    ("start", {"start": "999/1/1"}, "is not one of the calendar", "این سال از تقویم نیست"),
    ("end", {"start": "1403/1/2", "end": "1403/1/1"}, "The end (1403-01-01) is before the start (1403-01-02)", "پایان (۱۴۰۳/۰۱/۰۱) پیش از آغاز (۱۴۰۳/۰۱/۰۲) است"),
    ("budget", {"budget": "دو میلیارد"}, "is no figure", "عدد نیست"),
    ("budget", {"budget": "12,34"}, "is no figure", "عدد نیست"),
    ("budget", {"budget": "0.5"}, "is no whole number", "عدد صحیح نیست"),
    ("budget", {"budget": "-5"}, "is less than nought", "کمتر از صفر"),
    ("budget", {"budget": "9999999999999999999"}, "is too large", "بیش از اندازه بزرگ"),
    ("budget", {"budget": "5", "budget_unit": "dollars"}, "is none of the choices", "هیچ‌یک از گزینه‌ها"),
    ("code", {"code": ""}, "Fill this in.", "این را پر کنید."),
    ("code", {"code": "P1"}, "There is one with this key already: P1", "با این کلید یکی هست"),
    ("unit", {"unit": "999"}, "There is no “999”", "کد یا نام کامل آن را بنویسید"),
    ("unit", {"unit": "سازمان"}, "is it one of these? 309 · ICT organisation", "آیا یکی از این‌هاست؟ 309 · سازمان فناوری"),
    ("kind", {"kind": "castle"}, "“castle” is none of the choices.", "«castle» هیچ‌یک از گزینه‌ها نیست."),
]  # fmt: skip


def test_what_is_wrong_stands_at_its_field_in_both_languages(it: Client, project: Project) -> None:
    for field, sent, english, persian in WRONG:
        for lang, said in (("en", english), ("fa", persian)):
            page = it.post(f"/{lang}/projects/new/", {**NEW, "budget_unit": "full", **sent})
            assert page.status_code == 422
            assert said in wrong_at(page, field), (lang, field, sent)
            # What was typed stands in the form still.
            assert NEW["title"] in page.content.decode()
    assert Project.objects.count() == 1


def test_progress_is_said_in_percent_with_who_said_it(it: Client, project: Project) -> None:
    address = f"/en/projects/{project.pk}/progress/"
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for sent, field, said in (
        ({"as_of": tomorrow, "physical_bp": "10"}, "as_of", "is yet to come; expected a day up to today"),
        ({"as_of": "2022-01-01", "physical_bp": "101"}, "physical_bp", "is too large; at most 100"),
        ({"as_of": "2022-01-01", "physical_bp": "33.333"}, "physical_bp", "more decimals than 2"),
        ({"as_of": "", "physical_bp": "5"}, "as_of", "Fill this in."),
    ):
        assert said in wrong_at(it.post(address, sent), field)
    it.post(address, {"as_of": "1400/10/11", "physical_bp": "۳۳٫۲۵٪", "note": "فونداسیون"})
    report = project.progress.get()
    assert (report.as_of, report.physical_bp, report.said_by) == (date(2022, 1, 1), 3_325, "زهرا")
    correct = f"/en/projects/progress/{report.pk}/change/"
    assert it.get(correct).context["form"]["physical_bp"].value() == "33.25"
    seen = {"seen": "1", "physical_bp": "30", "said_by": "مجری"}
    assert "this needs its reason" in wrong_at(it.post(correct, seen), "why")
    done = it.post(correct, {**seen, "why": "misread"})
    assert done["Location"] == f"/en/projects/{project.pk}/#progress"
    assert AuditEvent.objects.of(report).first().before == {"physical_bp": 3_325, "said_by": "زهرا", "note": "فونداسیون"}  # type: ignore[union-attr]  # fmt: skip


def test_a_rebaseline_needs_its_reason_and_the_baseline_that_was_seen(it: Client, project: Project) -> None:
    address = f"/en/projects/{project.pk}/rebaseline/"
    form = it.get(address).context["form"]
    sent = {
        "start": "2021-03-21",
        "end": "2024-03-19",
        "budget": "500",
        "budget_unit": "billion",
        "seen_set": form["seen_set"].value(),
    }
    assert "this needs its reason" in wrong_at(it.post(address, sent), "why")
    other = make_account("it", email="sara@example.org", name="سارا")
    projects.rebaseline(
        project=project, seen=1, start=None, end=date(2025, 3, 20), budget=600, reason="بودجهٔ نو", by=other
    )
    late = it.post(address, {**sent, "why": "prices"})
    assert late.status_code == 409
    assert "سارا" in late.content.decode()
    assert "بودجهٔ نو" in late.content.decode()
    assert late.context["form"]["budget"].value() == ("500", "billion")
    assert project.baselines.count() == 2
    again = {**sent, "why": "prices", "seen_set": late.context["form"]["seen_set"].value()}
    assert it.post(address, again).status_code == 302
    latest = project.current
    assert latest is not None
    assert (latest.number, latest.budget, latest.reason) == (3, 500_000_000_000, "prices")
    assert project.original.budget == 420_000_000_000  # type: ignore[union-attr]


def test_two_writers_choose_by_what_the_forms_texts_mean(it: Client, project: Project, unit: Unit) -> None:
    address = f"/fa/projects/{project.pk}/change/"
    form = it.get(address).context["form"]
    mine = {name: form[name].value() or "" for name in form.fields}
    other = units.add_unit(code="410", name="معاونت فنی", by=None)
    projects.change_project(
        project=project,
        seen=1,
        by=make_account("it", email="s@example.org"),
        unit=other,
        place="میدان",
        approved_on=date(2024, 8, 2),
        kind="data",
    )
    # Both mean the same day, written otherwise; the place is another; the unit and the kind were not touched here.
    page = it.post(address, {**mine, "approved_on": "۱۲ مرداد ۱۴۰۳", "place": "خیابان"})
    assert page.status_code == 409
    told = {one.name: one for one in page.context["conflicts"]}
    assert {name: one.touched for name, one in told.items()} == {"unit": False, "place": True, "kind": False}
    assert told["unit"].theirs == "410 · معاونت فنی"
    chosen = {**dict(page.context["rest"]), "seen": page.context["seen"], "place": told["place"].mine}
    done = it.post(address, {**chosen, "unit": told["unit"].theirs, "kind": told["kind"].theirs})
    assert done.status_code == 302
    project.refresh_from_db()
    assert (project.unit, project.place, project.kind, project.approved_on) == (
        other,
        "خیابان",
        "data",
        date(2024, 8, 2),
    )


def rows(name: str, *lines: dict[str, str], seen: str = "") -> dict[str, str]:
    sent = {
        f"{name}-{number}-{key}": value for number, line in enumerate(lines) for key, value in line.items()
    }
    return {**sent, f"{name}-count": str(len(lines)), "seen_set": seen}


def test_goals_come_to_exactly_the_whole_or_there_are_none(it: Client, project: Project) -> None:
    for code in ("G1", "G2", "G3"):
        goals.add_goal(code=code, title=f"هدف {code}", by=None)
    address = f"/en/projects/{project.pk}/goals/"
    empty: dict[str, str] = {"goal": "", "weight_bp": ""}
    few = it.post(
        address, rows("goals", {"goal": "G1", "weight_bp": "60"}, {"goal": "G2", "weight_bp": "39.99"}, empty)
    )
    assert few.context["form"].non_field_errors() == [
        "The weights come to 99.99 %; together they must be exactly 100 %."
    ]
    persian = it.post(address.replace("/en/", "/fa/"), rows("goals", {"goal": "G1", "weight_bp": "۶۰"}))
    assert persian.context["form"].non_field_errors() == ["جمع وزن‌ها ۶۰٪ است؛ روی هم باید درست ۱۰۰٪ باشند."]
    twice = it.post(
        address, rows("goals", {"goal": "G1", "weight_bp": "50"}, {"goal": "G1 · هدف", "weight_bp": "50"})
    )
    assert wrong_at(twice, "goals-1-goal") == "This stands here twice."
    half = it.post(address, rows("goals", {"goal": "G1", "weight_bp": ""}))
    assert wrong_at(half, "goals-0-weight_bp") == "Fill this in."
    assert (
        it.post(
            address,
            rows("goals", {"goal": "G1", "weight_bp": "60"}, empty, {"goal": "هدف G2", "weight_bp": "۴۰"}),
        ).status_code
        == 302
    )
    assert dict(project.project_goals.values_list("goal__code", "weight_bp")) == {"G1": 6_000, "G2": 4_000}
    # Somebody else changes the set meanwhile: it is shown, and nothing is written over unseen.
    seen = it.get(address).context["form"]["seen_set"].value()
    projects.set_goals(project=project, weights={Goal.objects.get(code="G3"): 10_000}, seen=None, by=None)
    late = it.post(address, rows("goals", {"goal": "G1", "weight_bp": "100"}, seen=seen))
    assert late.status_code == 409
    assert list(project.project_goals.values_list("goal__code", flat=True)) == ["G3"]
    assert (
        it.post(
            address,
            rows("goals", {"goal": "G1", "weight_bp": "100"}, seen=late.context["form"]["seen_set"].value()),
        ).status_code
        == 302
    )
    assert list(project.project_goals.values_list("goal__code", flat=True)) == ["G1"]
    it.post(address, rows("goals", empty, seen=it.get(address).context["form"]["seen_set"].value()))
    assert not project.project_goals.exists()


def test_partners_are_a_unit_or_an_institution(it: Client, project: Project) -> None:
    institutions.add_institution(code="B1", name="بانک", by=None)
    address = f"/en/projects/{project.pk}/partners/"
    both = it.post(address, rows("partners", {"unit": "309", "institution": "B1", "part": ""}))
    assert "either a unit or an institution" in str(both.context["form"].non_field_errors())
    it.post(
        address,
        rows(
            "partners",
            {"unit": "309", "institution": "", "part": "راهبری"},
            {"unit": "", "institution": "بانک", "part": ""},
        ),
    )
    assert {str(one.unit or one.institution) for one in project.partners.all()} == {"309", "B1"}


def test_a_project_goes_its_way_and_never_leaves(it: Client, unit: Unit) -> None:
    project = projects.open_project(code="P5", title="پنجم", unit=unit, by=None)
    page = f"/en/projects/{project.pk}/"

    def does(verb: str, **sent: str) -> Any:
        project.refresh_from_db()
        return it.post(f"{page}{verb}/", {"seen": str(project.version), **sent})

    assert (
        does("close", closing_report="x").status_code == 302
    )  # It is not finished: told so, nothing written.
    assert "cannot be done with it as it stands" in it.get(page).content.decode()
    does("approve", on="1400/01/01")
    does("start")
    does("finish", on="1402/12/29", why="done")
    assert "Fill this in." in wrong_at(does("close", closing_report=""), "closing_report")
    does("close", closing_report="آنچه آموختیم")
    project.refresh_from_db()
    assert (project.status, project.closing_report, project.ended_on) == (
        "closed",
        "آنچه آموختیم",
        date(2024, 3, 19),
    )
    assert "this needs its reason" in wrong_at(does("reopen"), "why")
    does("reopen", why="فاز دوم")
    other = projects.open_project(code="P6", title="ششم", unit=unit, by=None)
    own = does("merge", merged_into="P5", on="1403/01/01", why="یکی‌اند")
    assert "cannot stand below itself" in wrong_at(own, "merged_into")
    does("merge", merged_into="P6", on="1403/01/01", why="یکی‌اند")
    project.refresh_from_db()
    assert (project.status, project.merged_into) == ("merged", other)
    assert [event.action.partition(".")[2] for event in AuditEvent.objects.of(project).order_by("id")] == [
        "open", "approve", "start", "finish", "close", "reopen", "merge",
    ]  # fmt: skip


def test_records_are_offered_for_what_is_typed_so_far(it: Client, unit: Unit, sign_in: Any) -> None:
    units.add_unit(code="410", name="معاونت فنی", by=None)
    assert it.get("/fa/named/unit/?q=فناوري").json() == {"offered": ["309 · سازمان فناوری"]}
    assert it.get("/en/named/unit/?q=ict 309").json() == {"offered": ["309 · ICT organisation"]}
    assert len(it.get("/fa/named/unit/").json()["offered"]) == 2
    assert it.get("/fa/named/auditevent/").status_code == 404
