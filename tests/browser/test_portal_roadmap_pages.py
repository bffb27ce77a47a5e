"""The roadmap as it went, and weights of one's own, in a real browser over the sample city."""

from __future__ import annotations

import json
import random
import re

from browsing import listen
from playwright.sync_api import Browser, Page
from test_portal import fit_every_width, look_in_every_scheme_and_size

from rasad.web.portal.weighing import best, fit

SET = """weights => weights.forEach((weight, at) => {
  const field = document.querySelectorAll('.weights input')[at];
  field.value = String(weight);
  field.dispatchEvent(new Event('input', {bubbles: true}));
})"""
SHOWN = """() => ({
  best: [...document.querySelectorAll('[data-best]:not([hidden])')].map(one => one.dataset.best),
  plan: [...document.querySelectorAll('[data-plan]:not([hidden])')].map(one => one.dataset.plan),
  fits: [...document.querySelectorAll('td[data-fit]')].map(one => one.textContent),
})"""


def test_weights_come_to_the_same_in_the_browser_and_on_the_server(
    page: Page, browser: Browser, live_portal: str, console: list[str]
) -> None:
    page.goto(f"{live_portal}/en/roadmap/weigh/")
    data = json.loads(page.locator("#weigh-data").inner_text())
    plans = [plan["met"] for plan in data["plans"]]
    goals = len(data["names"])
    draw = random.Random(5)
    tried = [[0] * goals, [10] * goals, *([10 * (at == one) for at in range(goals)] for one in range(goals))]
    tried += [[draw.randint(0, 10) for _goal in range(goals)] for _try in range(6)]
    found = set()
    # What is loaded is all that it takes: without a network the weights still find their plan.
    page.context.set_offline(True)
    for weights in tried:
        page.evaluate(SET, weights)
        shown = page.evaluate(SHOWN)
        number = str(data["plans"][best(weights, plans)]["number"])
        assert (shown["best"], shown["plan"]) == ([number], [number])
        assert shown["fits"] == [f"{fit(weights, met) // 100}%" for met in plans]
        found.add(number)
    assert len(found) > 2
    assert page.evaluate("navigator.onLine") is False
    page.context.set_offline(False)
    # The address has the weights: who opens it gets the same page from the server.
    told = page.request.get(page.url).text()
    assert re.findall(r'data-best="(\d+)">', told) == page.evaluate(SHOWN)["best"]
    # Without script a number is typed and the form is sent.
    plain = listen(browser.new_context(java_script_enabled=False).new_page(), console)
    plain.goto(f"{live_portal}/fa/roadmap/weigh/")
    first = plain.locator(".weights input").first
    assert first.get_attribute("type") == "number"
    first.fill("9")
    plain.locator("[data-weigh-send]").click()
    plain.wait_for_url("**=9**")
    weights = [9, *[5] * (goals - 1)]
    assert plain.locator("[data-best]:visible").get_attribute("data-best") == str(
        data["plans"][best(weights, plans)]["number"]
    )
    plain.context.close()
    look_in_every_scheme_and_size(page, "fa", "weigh")
    fit_every_width(page)
    page.goto(f"{live_portal}/fa/roadmap/progress/")
    look_in_every_scheme_and_size(page, "fa", "progress")
    fit_every_width(page)
