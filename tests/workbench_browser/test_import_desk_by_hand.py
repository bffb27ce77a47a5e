"""The import desk as it is used: a file is dropped, looked at, put right in how it is read, loaded, and followed while the worker is at it."""

from __future__ import annotations

from browsing import DESK, PHONE, SEEN, axe
from playwright.sync_api import Page, expect

from own_home import OwnHome

ROWS = "گزارش سازمان، ارقام به میلیون ریال\nردیف,تاریخ سند,بابت,ذینفع,مبلغ پرداختی\n" + "".join(
    f"{n},1403/02/{n:02},خرید {n},شرکت الف,{n}00\n" for n in range(1, 9)
)
WRONG = "9,1403/13/40,صندلی,شرکت ب,7\n"
DROPPED = """([name, text]) => {
  const held = new DataTransfer();
  held.items.add(new File([text], name, { type: "text/csv" }));
  return held;
}"""


def looks_right(page: Page) -> None:
    """The page is accessible at both sizes, and nothing of it is wider than a phone."""
    assert axe(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page, SEEN) == []
    page.set_viewport_size(DESK)


def test_a_dropped_file_is_seen_through_to_its_batch(page: Page, own_home: OwnHome) -> None:
    own_home.python(
        "from rasad.records.models import Account\nfrom rasad.actions import accounts\n"
        "accounts.grant_role(account=Account.objects.get(), role='finance', by=None)"
    )
    page.goto("/fa/imports/")
    looks_right(page)
    held = page.evaluate_handle(DROPPED, ["paid-1403.csv", ROWS + WRONG])
    page.dispatch_event("form[data-drop]", "dragenter", {"dataTransfer": held})
    expect(page.locator("form[data-drop]")).to_have_class("drop drop-over")
    with page.expect_navigation():
        page.dispatch_event("form[data-drop]", "drop", {"dataTransfer": held})
    expect(page.get_by_role("heading", level=1)).to_have_text("paid-1403.csv")
    stored = page.locator("#totals data").nth(1)
    expect(stored).to_have_attribute("value", str(3_600 * 10**6))
    expect(page.locator("#problems")).to_contain_text("1403/13/40")
    looks_right(page)

    # Thousands, and not millions: said in the form, and tried on the spot.
    page.get_by_role("link", name="دیدن و اصلاح نگاشت").click()
    page.get_by_label("واحد رقم‌ها").select_option("thousand_rial")
    page.get_by_label("بابت").select_option("column:economic")
    with page.expect_navigation():
        page.get_by_role("button", name="آزمودن و ماندن در اینجا").click()
    expect(stored).to_have_attribute("value", str(3_600 * 10**3))
    expect(page.get_by_label("بابت")).to_have_value("column:economic")
    looks_right(page)
    with page.expect_navigation():
        page.get_by_role("button", name="چنین خوانده شود").click()

    page.get_by_role("button", name="بارگذاری", exact=True).click()
    expect(page.locator(".job-now")).to_contain_text("بارگذاری پرونده")
    own_home.run("worker", "--once")
    # The page follows the work by itself.
    page.get_by_role("link", name="به دستهٔ آن، با جمع‌های کنترلی و قرنطینه").click()
    expect(page.locator("#totals data").nth(1)).to_have_attribute("value", str(3_600 * 10**3))
    expect(page.locator(".trail")).to_contain_text("از پرونده دریافت شد")
    looks_right(page)
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV").click()
    assert "1403/13/40" in taken.value.path().read_text("utf-8-sig")
