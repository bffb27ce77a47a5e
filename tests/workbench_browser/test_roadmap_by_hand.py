"""The roadmap in the browser: solved live, locked, a front's point opened by keyboard and taken, the document taken away, adopted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, SEEN, axe
from playwright.sync_api import Page, expect

from own_home import OwnHome

DRAFTED = """
import json
from rasad.actions import roadmaps
from rasad.records.models import Account
from rasad.web.workbench.views.roadmap import example
made = roadmaps.draft(code="a", title="نقشهٔ نخست", title_en="First", problem=example(), by=Account.objects.get())
print(json.dumps(made.pk))
"""


@pytest.fixture
def worker(own_home: OwnHome) -> Iterator[None]:
    """The worker of the home, until the test ends."""
    command = [sys.executable, "-m", "rasad", "--home", str(own_home.path), "worker"]
    with subprocess.Popen(command, env=own_home.environment | {"PATH": os.environ["PATH"]}) as started:
        yield
        started.terminate()


@pytest.mark.usefixtures("worker")
def test_a_roadmap_from_the_first_search_to_its_adoption(page: Page, own_home: OwnHome) -> None:
    key, wrong = own_home.python(DRAFTED), []

    def looked_at(name: str) -> None:
        for size, rules in ((DESK, None), (PHONE, SEEN)):
            page.set_viewport_size(size)
            wrong.extend(f"{name}: {one}" for one in axe(page, rules))
            if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                wrong.append(f"{name}: wider than the screen")
        page.set_viewport_size(DESK)

    def found() -> None:
        """Wait at the job's page until the work is done, as it says by itself, and follow to what came of it."""
        page.get_by_role("link", name="دیدن نتیجه").click(timeout=40_000)

    scenario = f"/fa/roadmap/{key}/"
    page.goto(scenario)
    page.locator("#seconds").select_option("10")
    page.locator(".solve button").click()
    found()
    expect(page.locator("#timeline tbody tr").first).to_be_visible()
    looked_at("the plan")
    # A lock by keyboard: the plan was for the scenario without it.
    page.locator("form.lock button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("form.lock button[value=free]")).to_have_count(1)
    expect(page.locator("#timeline")).to_have_count(0)
    page.goto(f"{scenario}front/")
    for aim in ("goal:trips", "cost"):
        page.locator(f"input[name=aims][value='{aim}']").check()
    page.locator("select[name=seconds]").select_option("10")
    page.locator("form.form button").click()
    found()
    expect(page.locator(".plot-wide circle").first).to_be_visible()
    looked_at("the front")
    page.locator("#points input").nth(0).check()
    page.locator("#points input").nth(1).check()
    page.locator(".front > .actions button").click()
    expect(page.locator("#choices thead th")).to_have_count(3)
    page.locator("#points tbody th a").last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    looked_at("a point")
    page.locator(".verbs form button").click()
    expect(page.locator("#timeline tbody tr").first).to_be_visible()
    for name in ("needs", "limits", "sureness", "parts", "parts/goals", "parts/synergies/one-door"):
        page.goto(f"{scenario}{name}/")
        looked_at(name)
    assert page.request.get(f"{scenario}meeting/").body().startswith(b"%PDF-")
    page.goto(f"{scenario}adopt/")
    page.locator("input[name=adopted_on]").fill("1405/09/05")
    page.locator("input[name=reference]").fill("صورت‌جلسهٔ ۱۲")
    page.locator("form.form button.button-main").click()
    expect(page.locator(".kicker").first).to_contain_text("مصوب")
    assert wrong == []
