"""The review queue and the rules as pages: what waits, judging it, many at once, taking back, and what a rule would change."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from rasad.actions import allocation_rules, projects, review
from rasad.records.changes import changing
from rasad.records.models import AllocationRule, ClassJudgement, Job, Judgement, Project, Unit

# The town of the actions' tests.
sys.path.append(str(Path(__file__).resolve().parents[1] / "actions"))
from judged_town import CITY, MAPPING, PAYMENTS, load

pytestmark = pytest.mark.django_db
ALL = "scope=all"


@pytest.fixture
def lines() -> list[str]:
    """A loaded home, its queue made, and three projects; returns the ids of its four lines."""
    home = Path(settings.HOME) / "home"
    (home / "sources").mkdir(parents=True)
    (home / "city.toml").write_text(CITY, "utf-8")
    (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
    settings.HOME = home
    ids = load(home, PAYMENTS)
    with changing(by=None, action="test") as change:
        unit = change.add(Unit(code="501", name="IT"))
        for code, title in (("p1", "Network switches"), ("p2", "Open portal"), ("p3", "Desks")):
            change.add(Project(code=code, title=title, title_en=title, unit=unit))
    review.refresh(home=home)
    return ids


def at(name: str, query: str = "", *args: Any) -> str:
    with translation.override("en"):
        return reverse(f"workbench:{name}", args=args) + (f"?{query}" if query else "")


def shown(client: Client, query: str = ALL) -> list[str]:
    page = client.get(at("review", query))
    assert page.status_code == 200
    return [row["line"].title for row in page.context["rows"]]


def told(client: Client, response: Any) -> str:
    """Follow a redirect and return what the page says."""
    assert response.status_code == 302, response
    page = client.get(response["Location"])
    return " ".join(re.findall(r'<p class="notice[^>]*>([^<]*)', page.content.decode()))


def test_without_an_index_the_page_asks_for_one(sign_in: Any) -> None:
    client = sign_in("finance")
    assert "The queue was not made yet" in client.get(at("review")).content.decode()
    client.post(at("review-refresh"))
    assert Job.objects.get().kind == "review.index"


def test_a_projects_page_follows_its_money_to_the_lines_and_back(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("finance")
    project = Project.by_key("p1")
    page = client.get(at("project", "", project.pk))
    money = next(one["table"] for one in page.context["parts"] if one["part"].name == "money")
    assert (money.rows, money.empty) == ([], "No line of the ledger is linked to it.")
    line = client.get(at("review", ALL)).context["rows"][0]["line"]
    client.post(at("review-judge"), {"line": line.line_id, "project": "p1 Network switches", "share": "60"})

    page = client.get(at("project", "", project.pk))
    tables = {one["part"].name: one["table"] for one in page.context["parts"]}
    (row,) = tables["money"].rows
    part = round(line.amount * 0.6)
    assert (row["stage"], row["amount"], row["judged"], row["lines"]) == ("paid", part, 1.0, 1)
    assert [one["amount"] for one in tables["contracts"].rows] == [part]
    assert page.context["stats"][-1].amount == part
    (shown_line,) = tables["lines"].rows
    assert (shown_line["title"], shown_line["amount"]) == ("Switches", part)

    one = client.get(shown_line["url"])
    rows = [(row["project"], row["amount"]) for row in one.context["thread"].rows]
    assert rows == [("Network switches", part), ("unlinked", line.amount - part)]
    assert one.context["thread"].rows[0]["url"] == at("project", "", project.pk)
    # Judged anew from here, with what was seen; the earlier judgement stays on record.
    sent = {
        "line": line.line_id,
        "pick": "p2",
        "next": shown_line["url"],
        "seen_line": one.context["holding"].pk,
    }
    assert client.post(at("review-judge"), sent)["Location"] == shown_line["url"]
    again = client.get(shown_line["url"])
    assert [row["project"] for row in again.context["thread"].rows] == ["Open portal"]
    assert [one.holds for one in again.context["judged"]] == [True, False]
    # What somebody judged since the page was shown is not judged over.
    assert "judged this meanwhile" in told(client, client.post(at("review-judge"), sent))
    assert client.get(at("review-line", "", "nothing")).status_code == 404


def test_the_queue_is_judged_and_undone(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("finance")
    assert shown(client) == ["Switches", "Switches", "Chairs", "Portal"]
    page = client.get(at("review", ALL))
    first = page.context["rows"][0]
    assert [one.project for one in first["suggestions"]] == ["p1"]
    sent = {"line": first["line"].line_id, "pick": "p1", "next": at("review", ALL)}
    assert client.post(at("review-judge"), sent).status_code == 302
    assert shown(client) == ["Switches", "Chairs", "Portal"]
    # The other line of the contract now has it from a person's judgement.
    again = client.get(at("review", ALL))
    assert [(one.project, one.shared) for one in again.context["rows"][0]["suggestions"]] == [
        ("p1", "contract")
    ]
    assert again.context["figures"].person.amount == 1_000
    made = Judgement.objects.get()
    assert f'value="{made.pk}"' in again.content.decode()
    text = told(
        client,
        client.post(
            at("review-undo"), {"judgement": made.pk, "seen": made.version, "next": at("review", ALL)}
        ),
    )
    assert "taken back" in text
    assert len(shown(client)) == 4


def test_a_share_a_contract_and_nothing_are_judged(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("it")
    share = {"line": lines[3], "project": "p2 Open portal", "share": "۳۳٫۳۳", "why": "half of it"}
    client.post(at("review-judge"), share)
    assert [(one.project.code, one.share_bp) for one in Judgement.objects.get().parts.all()] == [
        ("p2", 3_333)
    ]
    client.post(
        at("review-judge"), {"line": lines[0], "contract": "c1", "subject": "contract", "project": "p1"}
    )
    client.post(at("review-judge"), {"line": lines[2], "none": "1"})
    assert shown(client) == []
    figures = client.get(at("review", ALL)).context["figures"]
    assert (figures.person.amount, figures.none.amount) == (1_333 + 2, 3 - 70)


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Say which project"),
        ({"project": "p9"}, "there is no project “p9”"),
        ({"project": "p1", "share": "101"}, "“101” is no share"),
        ({"project": "p1", "share": "a"}, "“a” is no share"),
        ({"pick": "p1", "line": "x"}, "The ledger has no line x."),
    ],
)
def test_what_cannot_stand_is_said_in_both_languages(
    sign_in: Any, lines: list[str], sent: dict[str, str], message: str
) -> None:
    client = sign_in("finance")
    values = {"line": lines[0], "next": at("review"), **sent}
    assert message in told(client, client.post(at("review-judge"), values))
    persian = told(
        client,
        client.post(
            at("review-judge").replace("/en/", "/fa/"),
            {**values, "next": at("review").replace("/en/", "/fa/")},
        ),
    )
    assert re.search("[آ-ی]", persian)
    assert message not in persian
    assert Judgement.objects.count() == 0


def test_the_second_of_two_reviewers_is_told(sign_in: Any, lines: list[str]) -> None:
    first, second = sign_in("finance"), sign_in("it")
    values = {"line": lines[0], "pick": "p1", "next": at("review")}
    first.post(at("review-judge"), values)
    text = told(second, second.post(at("review-judge"), {**values, "pick": "p2", "why": "mine"}))
    assert "judged this meanwhile" in text
    assert Judgement.objects.get().parts.get().project.code == "p1"


def test_the_way_back_never_leads_elsewhere(sign_in: Any, lines: list[str]) -> None:
    values = {"line": lines[0], "pick": "p1", "next": "https://evil.example/"}
    got = sign_in("finance").post(at("review-judge"), values)
    assert got["Location"] == at("review")


def test_classes_are_judged(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("expert")
    assert "Portal" in shown(client, "matter=class")
    client.post(at("review-class"), {"line": lines[3], "class": "software", "mode": "change"})
    assert "Portal" not in shown(client, "matter=class")
    made = ClassJudgement.objects.get()
    assert (made.cls, made.mode) == ("software", "change")
    # Called IT, it is of the first queue's own scope.
    assert "Portal" in shown(client, "")
    client.post(at("review-undo-class"), {"judgement": made.pk, "seen": made.version})
    assert "Portal" in shown(client, "matter=class")


def test_many_are_previewed_judged_and_undone_as_a_group(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("finance")
    preview = client.get(at("review-many", f"{ALL}&q=swit"))
    assert preview.context["waiting"].lines == 2
    assert [(row["project"], row["amount"]) for row in preview.context["now"].rows] == [("unlinked", 1_333)]
    sent = {"token": preview.context["token"], "project": "p1", "why": "one delivery"}
    # Another line meets the filter meanwhile? No: another is judged, so that fewer do.
    client.post(at("review-judge"), {"line": lines[0], "pick": "p2"})
    stale = client.post(at("review-many", f"{ALL}&q=swit"), sent)
    assert "Other lines meet the filter now" in stale.content.decode()
    sent["token"] = client.get(at("review-many", f"{ALL}&q=swit")).context["token"]
    assert "1 line was judged" in told(client, client.post(at("review-many", f"{ALL}&q=swit"), sent))
    group = Judgement.objects.get(group__isnull=False).group
    listed = client.get(at("review-judged"))
    assert [row["judgement"].subject for row in listed.context["rows"]] == [lines[1], lines[0]]
    assert "1 judgement was taken back" in told(
        client, client.post(at("review-undo"), {"group": group, "next": at("review-judged")})
    )
    many = client.get(at("review-many-classes", "matter=class"))
    assert many.context["waiting"].lines == len(shown(client, "matter=class"))


def test_disagreements_are_shown(sign_in: Any, lines: list[str]) -> None:
    first, second = sign_in("finance"), sign_in("it")
    first.post(at("review-judge"), {"line": lines[0], "pick": "p1"})
    held = Judgement.objects.get()
    second.post(at("review-judge"), {"line": lines[0], "pick": "p2", "why": "read it", "seen_line": held.pk})
    page = second.get(at("review-disagreements"))
    assert [row["line"].title for row in page.context["rows"]] == ["Switches"]
    assert "read it" in page.content.decode()


RULE = {"code": "net", "title": "Networks", "order": "10", "title_any": "switch*", "year_from": "۲۰۲۱", "amount_max": "1,000,000", "project_1": "p1 Network switches", "share_1": "60"}  # fmt: skip


def test_a_rule_is_drafted_previewed_put_in_force_changed_and_retired(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("finance")
    assert client.post(at("rule-new"), RULE)["Location"] == at("rule", "", "net")
    page = client.get(at("rule", "", "net"))
    assert page.context["change"].lines == page.context["change"].meets == 2
    assert [(row["project"], row["before"], row["after"]) for row in page.context["shifts"].rows] == [
        ("p1", 0, 600 + 200),
        ("unlinked", 1_333, 400 + 133),
    ]
    rule = AllocationRule.objects.get()
    assert "in force" in told(
        client, client.post(at("rule-force", "", "net", 1), {"seen": rule.version, "why": "agreed"})
    )
    assert Job.objects.get().kind == "review.index"
    assert not client.get(at("review", ALL)).context["queue"].is_newest
    review.refresh(home=settings.HOME)
    assert client.get(at("review", ALL)).context["figures"].rule.amount == 800
    rule.refresh_from_db()
    form = client.get(at("rule-change", "", "net"))
    assert form.context["form"].initial["share_1"] == "60"
    changed = {**RULE, "share_1": "100", "seen": form.context["seen"]}
    client.post(at("rule-change", "", "net"), changed)
    second = AllocationRule.objects.get(number=2)
    assert (second.state, second.parts) == ("draft", [{"project": "p1", "share_bp": 10_000}])
    # Whoever opened the form before is told.
    late = client.post(at("rule-change", "", "net"), changed)
    assert late.status_code == 422
    assert "changed this rule meanwhile" in late.content.decode()
    retiring = client.get(at("rule", "retire", "net"))
    assert retiring.context["change"].lines == 2
    client.post(at("rule-retire", "", "net", 1), {"seen": rule.version})
    assert [row["title"] for row in client.get(at("rules")).context["table"].rows] == ["Networks"]
    rule.refresh_from_db()
    assert rule.state == "retired"


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"title_any": "", "year_from": "", "amount_max": ""}, "__all__", "would take every line"),
        ({"title_any": "!!"}, "title_any", "holds no letter"),
        ({"project_1": ""}, "project_1", "say which project"),
        ({"project_1": "p9"}, "project_1", "no project “p9”"),
        ({"share_1": "0"}, "share_1", "is no share"),
        ({"year_from": "1403", "year_until": "1402"}, "year_until", "before the beginning"),
        ({"date_from": "1402/13/01"}, "date_from", "not one of the calendar"),
        ({"amount_min": "many"}, "amount_min", "is no figure"),
    ],
)
def test_a_rule_that_cannot_stand_says_why_at_its_field(
    sign_in: Any, lines: list[str], values: dict[str, str], field: str, message: str
) -> None:
    got = sign_in("data").post(at("rule-new"), {**RULE, **values})
    assert got.status_code == 422
    assert message in " ".join(str(one) for one in got.context["form"].errors[field])
    assert AllocationRule.objects.count() == 0


def test_a_rule_with_many_projects_keeps_them_all_when_it_is_changed(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("finance")
    parts = [{"project": "p1", "share_bp": 1_000}]
    for n in range(2, 7):
        projects.open_project(code=f"p{n}0", title=f"P{n}", unit=Unit.objects.get(), by=None)
        parts.append({"project": f"p{n}0", "share_bp": 1_000})
    allocation_rules.draft(
        code="wide", title="Wide", conditions={"title_any": ["switch"]}, parts=parts, by=None
    )
    form = client.get(at("rule-change", "", "wide"))
    assert len(form.context["form"].part_rows) == len(parts) == 6
    told = {
        **form.context["form"].initial,
        "seen": form.context["seen"],
        "title_any": "switch",
        "title": "Wider",
    }
    client.post(at("rule-change", "", "wide"), told)
    rule = AllocationRule.objects.order_by("-version").first()
    assert rule is not None
    assert (rule.title, rule.parts) == ("Wider", parts)


def test_a_rule_begins_with_the_filter_of_the_queue(sign_in: Any, lines: list[str]) -> None:
    form = sign_in("data").get(at("rule-new", "unit=501&q=swi&year=2021&class=hardware")).context["form"]
    assert form.initial == {
        "units": ["501"],
        "classes": ["hardware"],
        "year_from": "2021",
        "year_until": "2021",
        "title_all": ["swi*"],
    }


def test_a_queue_that_is_none_is_refused(sign_in: Any, lines: list[str]) -> None:
    client = sign_in("finance")
    for query in ("matter=x", "of=a.b.c", "year=abc", "scope=x", "class=x", "page=0"):
        assert client.get(at("review", query)).status_code == 400, query
