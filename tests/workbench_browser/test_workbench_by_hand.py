"""The workbench as its people use it: every page looked at, the queue by keyboard, drafts, a passkey."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, SEEN, axe, listen, serve
from playwright.sync_api import Browser, Page, expect

from own_home import FIRST, PASSWORD, OwnHome, copy_of

WORLD = f"""
import json
sys.path.insert(0, {str(Path(__file__).parents[1] / "faults")!r})
from acts import SET_UP, World, acts
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override
from rasad.actions import accounts, projects, review
from rasad.actions.batches import import_file
from rasad.ledger.mapping import load_mapping
from rasad.records.models import Account
from rasad.records.roles import ROLES
from rasad.web.workbench.urls import urlpatterns
home = pathlib.Path(os.environ["RASAD_HOME"])
world = World(home)
for name, act in acts(world).items():
    if not name.startswith(("jobs", "imports", "mappings", "publishing", SET_UP, "accounts.drop")):
        act()
for role in ROLES:
    if role not in world.by.roles():
        accounts.grant_role(account=world.by, role=role, by=None)
projects.open_project(code="P9", title="سامانهٔ شهرسازی", unit="309", by=None)
more = home.parent / "more.csv"
more.write_text("تاریخ,شرح,مبلغ\\n" + "".join(f"1403/06/0{{n}},رایانه برای سامانهٔ شهرسازی {{n}},{{n}}000000\\n" for n in range(1, 8)), "utf-8")
import_file(home=home, mapping=load_mapping(home / "sources" / "payments.toml"), path=more, add=True)
review.refresh(home=home)
pages = []
with override("fa"):
    for one in urlpatterns:
        try:
            pages.append(reverse("workbench:" + one.name))
        except NoReverseMatch:
            pass
    pages += [reverse("workbench:rule", args=["r"]), reverse("workbench:account", args=[world.by.pk])]
    pages += [reverse(name) for name in ("mfa_index", "mfa_add_webauthn", "account_change_password", "usersessions_list", "account_logout")]
print(json.dumps(pages))
"""
LEADS_ON = ("/review/judge/", "/review/class/", "/review/undo/", "/review/undo-class/", "/review/refresh/")
"""Addresses that only take forms: asked for, they lead to the queue."""


@pytest.fixture(scope="module")
def world(first_home: OwnHome, tmp_path_factory: pytest.TempPathFactory) -> tuple[OwnHome, list[str]]:
    """A home with a record of every kind and money that waits, and the address of every page that takes nothing."""
    home = copy_of(first_home, tmp_path_factory.mktemp("world") / "home")
    return home, home.python(WORLD)


@pytest.fixture(scope="module")
def workbench(world: tuple[OwnHome, list[str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the workbench of that home, served once for these tests."""
    log = tmp_path_factory.mktemp("log") / "log.txt"
    with serve(log, **{**world[0].environment, "RASAD_SITE": "workbench"}) as address:
        yield address


def sign_in(page: Page, go_to: str = "/fa/") -> None:
    page.goto(f"/fa/accounts/login/?next={go_to}")
    page.fill("input[name=login]", FIRST)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def test_every_page_is_accessible_in_both_languages(page: Page, world: tuple[OwnHome, list[str]]) -> None:
    wrong = {}
    pages = [
        one
        for one in world[1]
        if not one.endswith(LEADS_ON) and ("/waiting/" not in one or one.endswith("-unanswered/"))
    ]
    for number, address in enumerate(pages):
        address = address if number % 2 else address.replace("/fa/", "/en/", 1)
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="dark" if number % 3 == 0 else "light")
        page.goto(address)
        found = axe(page)
        page.set_viewport_size(PHONE)
        # Colours and places, on every other page: they come from the few parts that all are made of.
        found += axe(page, SEEN) if number % 2 else []
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            found.append("wider than a phone")
        if found:
            wrong[address] = found
    assert wrong == {}


def test_the_queue_is_gone_through_by_keyboard(page: Page) -> None:
    page.goto("/fa/review/?scope=all")
    lines = page.locator(".queue-line")
    first = lines.first.locator(".queue-title")
    # The largest first.
    expect(first).to_contain_text(" 7")
    expect(lines.first).to_be_focused()
    page.keyboard.press("j")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("k")
    waiting = lines.count()
    with page.expect_navigation():
        page.keyboard.press("1")
    expect(page.locator(".queue-recent li").first).to_contain_text("P۹")
    expect(first).to_contain_text(" 6")
    assert lines.count() == waiting - 1
    with page.expect_navigation():
        page.keyboard.press("u")
    expect(first).to_contain_text(" 7")
    # A letter that is typed into a field is a letter.
    lines.first.locator("summary").click()
    why = lines.first.locator("input[name=why]")
    why.press_sequentially("ju0")
    expect(why).to_have_value("ju0")
    # Keys can be switched off, and stay off (WCAG 2.1.4); then the page names none.
    page.get_by_label("میان‌برهای تک‌کلیدی").uncheck()
    page.reload()
    switch = page.get_by_label("میان‌برهای تک‌کلیدی")
    expect(switch).not_to_be_checked()
    expect(page.locator(".queue kbd").first).to_be_hidden()
    page.keyboard.press("j")
    expect(lines.first).to_be_focused()
    switch.check()
    page.keyboard.press("j")
    expect(lines.first).to_be_focused()
    page.keyboard.press("j")
    expect(lines.nth(1)).to_be_focused()


def test_what_was_written_outlives_the_sign_in_and_leaves_at_signing_out(
    page: Page,
) -> None:
    page.goto("/fa/projects/")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="سامانهٔ شهرسازی").first.click()
    address = page.url.rstrip("/") + "/change/"
    page.goto(address)
    title = page.locator("input[name=title]")
    title.fill("سامانهٔ شهرسازی شهر")
    title.blur()
    drafts = "Object.keys(localStorage).filter(key => key.startsWith('rasad-draft'))"
    assert len(page.evaluate(drafts)) == 1
    # The sign-in runs out; the form is sent, stands again after signing in, and is sent for good.
    page.context.clear_cookies()
    sign_in(page, address)
    expect(title).to_have_value("سامانهٔ شهرسازی شهر")
    expect(page.locator(".draft")).to_be_visible()
    assert axe(page) == []
    with page.expect_navigation():
        page.locator("main form[method=post] .button-main").click()
    page.goto(address)
    expect(title).to_have_value("سامانهٔ شهرسازی شهر")
    expect(page.locator(".draft")).to_have_count(0)

    title.fill("نیم‌نوشته")
    title.blur()
    assert len(page.evaluate(drafts)) == 1
    page.locator("details.account summary").click()
    with page.expect_navigation():
        page.get_by_role("button", name="خروج").click()
    assert page.evaluate(drafts) == []
    sign_in(page, address)
    expect(title).to_have_value("سامانهٔ شهرسازی شهر")


def test_a_passkey_is_added_and_signs_in(browser: Browser, workbench: str, console: list[str]) -> None:
    # A key is of a name, and an address of numbers is none.
    context = browser.new_context(viewport=DESK, base_url=workbench.replace("127.0.0.1", "localhost"))
    page = listen(context.new_page(), console)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page, "/fa/accounts/2fa/webauthn/add/")
    # Who is signed in is asked once more before a key is added.
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation(url="**/webauthn/add/"):
        page.press("input[name=password]", "Enter")
    page.fill("input[name=name]", "کلید من")
    page.check("input[name=passwordless]")
    with page.expect_navigation():
        page.locator("form[data-passkey=add] button").click()
    page.goto("/fa/accounts/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("کلید من")
    assert axe(page) == []
    context.clear_cookies()
    page.goto("/fa/accounts/login/")
    with page.expect_navigation():
        page.locator("form[data-passkey=login] button").click()
    expect(page.locator("details.account summary")).to_contain_text("Zahra")
    context.close()
    assert console == []
