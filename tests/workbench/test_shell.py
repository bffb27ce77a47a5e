"""The shell: who is let in, what the rail shows, what the first page says waits."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from rasad.records.changes import changing
from rasad.records.models import Milestone, Project, Unit
from rasad.web.workbench.allowed import allowed

pytestmark = pytest.mark.django_db


def test_nobody_is_led_to_the_sign_in_and_back(client: Client) -> None:
    got = client.get("/en/waiting/milestones-overdue/?page=1")
    assert got.status_code == 302
    assert got["Location"] == "/en/accounts/login/?next=/en/waiting/milestones-overdue/%3Fpage%3D1"


def test_an_account_without_a_role_is_told_so(sign_in) -> None:
    got = sign_in().get("/en/")
    assert got.status_code == 403
    assert "You hold no role at present." in got.content.decode()


def test_who_lacks_the_ability_sees_which_roles_they_hold(sign_in) -> None:
    got = sign_in("auditor").get("/en/waiting/milestones-overdue/")
    assert got.status_code == 403
    assert "You are: Auditor." in got.content.decode()


def test_a_reading_page_takes_nothing_that_is_sent(sign_in) -> None:
    assert sign_in("it").post("/en/").status_code == 405
    assert sign_in("it", "auditor").delete("/en/").status_code == 405


def test_an_ability_that_is_not_in_the_matrix_is_refused_at_once() -> None:
    with pytest.raises(KeyError):
        allowed("projects.frobnicate")


def test_the_first_page_says_what_waits_and_what_is_in_order(sign_in) -> None:
    it = sign_in("it")
    with changing(by=None, action="project.add") as change:
        unit = change.add(Unit(code="309", name="سازمان فاوا"))
        project = change.add(Project(code="p1", title="فیبر", title_en="Fibre", unit=unit, status="running"))
        ended = change.add(
            Project(code="p2", title="پایان‌یافته", unit=unit, status="cancelled", ended_on=date(2024, 6, 1))
        )
        for one in (project, ended):
            change.add(Milestone(project=one, number=1, title="تحویل", due=date(2024, 5, 1)))
            change.add(Milestone(project=one, number=2, title="آینده", due=date(2099, 5, 1)))
    page = it.get("/en/")
    cards = {card.matter.name: card for card in [*page.context["pressing"], *page.context["waiting"]]}
    assert cards["milestones-overdue"].count == 1
    assert cards["milestones-overdue"].examples == ("Fibre · تحویل",)
    assert cards["projects-without-goals"].count == cards["projects-without-baseline"].count == 1
    assert "links-agreed-but-unused" in {matter.name for matter in page.context["settled"]}

    listed = it.get(cards["milestones-overdue"].url)
    assert [row["title"] for row in listed.context["table"].rows] == ["تحویل"]
    assert 'datetime="2024-05-01"' in listed.content.decode()


def test_a_page_that_is_none_is_said_to_be_none(sign_in) -> None:
    it = sign_in("it")
    assert it.get("/en/waiting/milestones-overdue/?page=2").status_code == 400
    assert it.get("/en/waiting/milestones-overdue/?page=-1").status_code == 400
    assert it.get("/en/nothing-here/").status_code == 404


def test_the_rail_shows_what_the_roles_open(sign_in) -> None:
    links = [link for group in sign_in("member").get("/fa/").context["desk"].groups for link in group.links]
    assert [link.url for link in links if link.current] == [reverse("workbench:home")]
    assert "/fa/accounts-and-roles/" not in {link.url for link in links}
