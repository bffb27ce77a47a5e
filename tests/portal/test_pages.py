"""Every page in both languages: it answers, says what its figures are of, and has nothing that its policy forbids."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from town import Town, write_release

from rasad.release.build import publish
from rasad.release.reader import DIMENSIONS
from rasad.web.portal.addresses import line_url, supplier_url
from rasad.web.portal.views.budget import GROUPINGS

LANGUAGES = ("fa", "en")
LINE = "line/aaaa00000000-1-2-paid/"
PAGES = (
    "",
    "money/",
    "money/?view=lines",
    "money/?year=all&per=resident",
    "budget/",
    LINE,
    "line/bbbb00000000-1-2-final/",
    "supplier/ir:10100000001/",
    "supplier/person/",
    "search/",
    "search/?q=سرور",
    "data/",
    "data/problems/",
    "data/problems/?batch=aaaa",
    "data/batch/aaaa/",
    "data/batch/bbbb/",
    "search/?q=شرکت&kind=supplier",
    "method/",
    "changes/",
    "changes/?unit=10&stage=paid&year=1403&q=سرور&it=1",
    "changes/1/",
    "compare/",
    "compare/?by=unit&from=1&to=6",
    "compare/?by=supplier&stage=final",
    "share/",
    "share/?paid=1,250,000&in=toman&by=programme",
)


class _Outline(HTMLParser):
    """What a page must not have, and what it must have once."""

    def __init__(self) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.inline += [f"{tag} {name}" for name in given if name == "style" or name.startswith("on")]
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.inline.append("script")
        if tag in ("script", "link", "img") and str(given.get("src") or given.get("href")).startswith("http"):
            self.foreign.append(str(given))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def page(client: Client, lang: str, path: str) -> str:
    answer = client.get(f"/{lang}/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_answers_and_is_well_made(client: Client, lang: str, path: str) -> None:
    text = page(client, lang, path)
    outline = _Outline()
    outline.feed(text)
    assert outline.inline == outline.foreign == []
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(text.encode()) < 100_000
    # The town is a sample, and every page says so.
    assert ("این شهر ساختگی است" if lang == "fa" else "This city is invented") in text
    # What stands in the data is text, never markup.
    assert "<script>alert" not in text
    assert "<b>منطقه" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("by", DIMENSIONS)
def test_money_by_every_dimension(client: Client, lang: str, by: str) -> None:
    assert "data-chart" in page(client, lang, f"money/?by={by}") or by in (
        "nature",
        "source",
        "mode",
        "stage",
    )


@pytest.mark.parametrize("by", GROUPINGS)
def test_budget_by_every_grouping(client: Client, by: str) -> None:
    page(client, "fa", f"budget/?by={by}&year=all")


def test_the_door_leads_to_persian(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/fa/")


@pytest.mark.parametrize("path", ["", "money/", "budget/", LINE, "compare/?by=unit", "share/"])
def test_figures_stand_with_stage_year_and_currency(client: Client, path: str) -> None:
    text = page(client, "en", path)
    assert "1403" in text or "1402" in text or "1401" in text
    assert re.search("rials?", text)
    assert re.search("paid|Paid|Final budget", text)


def test_class_shares_have_the_unknown_beside_them(client: Client, town: Town) -> None:
    paid = town.paid(1403)
    unknown = sum(row["amount"] for row in paid if row["class"] == "unknown") / sum(
        row["amount"] for row in paid
    )
    for path in ("", "money/", "money/?it=1", "money/?class=hardware&by=unit"):
        assert f"{unknown:.1%}" in page(client, "en", path), path


def test_shares_are_withheld_where_too_much_is_unknown(client: Client, town: Town) -> None:
    """The town's unknown is about a fifth: no share among IT is told, on pages or in files; shares of all money are."""
    home = page(client, "en", "")
    assert "Shares are withheld" in home
    assert "withheld: too much is of unknown class" in home
    assert "Shares are withheld" in page(client, "en", "money/?it=1&by=class")
    assert "Shares are withheld" not in page(client, "en", "money/?by=class")
    sent = b"".join(client.get("/en/money.json?it=1&by=class").streaming_content)
    assert {row["share"] for row in json.loads(sent)["rows"]} == {None}


def test_shares_are_told_where_little_is_unknown(portal: Client, settings: Any, releases: Any) -> None:
    rows = write_release(releases, classes=("hardware", "hardware", "software", "not_it"))
    settings.RASAD_RELEASES = str(releases)
    paid = Town(releases, rows).paid(1403)
    amounts = {
        cls: sum(row["amount"] for row in paid if row["class"] == cls) for cls in ("hardware", "software")
    }
    text = page(portal, "en", "")
    assert "Shares are withheld" not in text
    assert f"{amounts['hardware'] / sum(amounts.values()):.1%}" in text


@pytest.mark.parametrize(("stage", "verb"), [("paid", "spent"), ("final", "planned")])
def test_a_budget_is_never_called_spending(
    portal: Client, settings: Any, releases: Any, stage: str, verb: str
) -> None:
    write_release(releases, default_stage=stage)
    settings.RASAD_RELEASES = str(releases)
    assert f"What Abadi {verb}" in page(portal, "en", "")


def test_the_policy_is_strict_on_pages_files_and_errors(client: Client) -> None:
    for path in ("/fa/", "/fa/money.csv", "/en/line/none/", "/en/money/?year=x"):
        policy = client.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("year=14x3", "“14x3” is no fiscal year"),
        ("year=99999", "“99999” is no fiscal year"),
        ("stage=spent", "“spent” is no value of “stage”"),
        ("class=cars", "“cars” is no value of “class”"),
        ("mode=off", "“off” is no value of “mode”"),
        ("by=colour", "“colour” is no value of “by”"),
        ("order=random", "“random” is no value of “order”"),
        ("view=map", "“map” is no value of “view”"),
        ("flow=sideways", "“sideways” is no value of “flow”"),
        ("book=novel", "“novel” is no value of “book”"),
        ("page=0", "“0” is no page number"),
        ("page=two", "“two” is no page number"),
        ("page=900", "There is no page 900"),
        ("month=1403-13", "“1403-13” is no month"),
        ("unit=%00", "The value of “unit”"),
        (f"q={'x' * 301}", "The value of “q”"),
    ],
)
def test_a_bad_value_is_answered_in_words(client: Client, query: str, said: str) -> None:
    answer = client.get(f"/en/money/?{query}")
    text = answer.content.decode()
    assert answer.status_code == 400
    assert said in text
    assert 'href="/en/money/"' in text
    assert client.get(f"/fa/money/?{query}").status_code == 400
    assert client.get(f"/en/money.csv?{query}").status_code == (
        200 if "page" in query and "900" in query else 400
    )


@pytest.mark.parametrize(
    "path",
    [
        "line/none/",
        "supplier/none/",
        "data/batch/none/",
        "money.pdf",
        "data/files/line.csv",
        "data/files/../../current",
        "nowhere/",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    for lang, title in (("fa", "در این نشانی چیزی نیست"), ("en", "There is nothing at this address")):
        answer = client.get(f"/{lang}/{path}")
        assert answer.status_code == 404
        assert title in answer.content.decode()


def test_persian_digits_are_read_in_an_address(client: Client) -> None:
    assert page(client, "fa", "money/?year=۱۴۰۲").count("<tr") == page(
        client, "fa", "money/?year=1402"
    ).count("<tr")


def test_a_form_keeps_what_has_no_field(client: Client) -> None:
    text = page(client, "en", "money/?economic=e1&supplier=ir:10100000001&view=lines")
    form = text[text.index('<form class="filters"') : text.index("</form>", text.index('class="filters"'))]
    assert '<input type="hidden" name="economic" value="e1">' in form
    assert '<input type="hidden" name="supplier" value="ir:10100000001">' in form
    assert '<input type="hidden" name="view" value="lines">' in form
    assert 'name="year"' in form
    assert 'name="by"' not in form


def test_persons_are_one_group_without_a_name(client: Client) -> None:
    assert "Natural persons are never named" in page(client, "en", "supplier/person/")
    assert "a natural person" in page(client, "en", "money/?supplier=person&view=lines&year=all")


def test_a_line_says_where_it_came_from(client: Client, town: Town) -> None:
    row = next(row for row in town.lines if row["line_id"] == "aaaa00000000-1-2-paid")
    text = page(client, "en", LINE)
    for said in (
        row["file_hash"],
        row["file_name"],
        row["amount_raw"],
        row["line_id"],
        "fa.test",
        "90%",
        "a rule",
    ):
        assert said in text, said
    assert row["title_raw"].replace("<", "&lt;").replace(">", "&gt;") in text


def test_what_was_put_right_is_said_of_the_row_and_of_its_file(client: Client, town: Town) -> None:
    fixed, as_it_came = (town.lines[number]["line_id"] for number in (1, 0))
    assert "Put right by the file" in page(client, "en", f"line/{fixed}/")
    assert "its row 7" in page(client, "en", f"line/{fixed}/")
    assert "Put right by the file" not in page(client, "en", f"line/{as_it_came}/")
    assert "Rows put right" in page(client, "en", "data/batch/aaaa/")
    assert "Rows put right" not in page(client, "en", "data/batch/bbbb/")


def test_an_id_of_an_earlier_export_leads_on_and_is_named(client: Client, town: Town) -> None:
    heir = town.lines[0]["line_id"]
    answer = client.get("/en/line/oooo-1-2-paid/")
    assert (answer.status_code, answer["Location"]) == (302, f"/en/line/{heir}/")
    text = page(client, "en", f"line/{heir}/")
    assert "What this line was before" in text
    assert "oooo-1-2-paid" in text
    assert "What this line was before" not in page(client, "en", f"line/{town.lines[1]['line_id']}/")


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "this row is no longer in it"), ("fa", "این ردیف دیگر در آن نیست")],
)
def test_a_line_that_is_gone_says_why(client: Client, lang: str, said: str) -> None:
    answer = client.get(f"/{lang}/line/oooo-1-3-paid/")
    text = answer.content.decode()
    assert answer.status_code == 410
    assert said in text
    assert "oooo-1-3-paid" in text
    assert 'value="12345678000"' in text
    assert "/data/batch/aaaa/" in text
    assert client.get(f"/{lang}/line/oooo-1-4-paid/").status_code == 404


def test_a_line_shows_its_row_at_other_stages(client: Client) -> None:
    text = page(client, "en", "line/bbbb00000000-1-2-final/")
    for stage in ("initial", "modification", "committed", "paid"):
        assert f"/en/line/bbbb00000000-1-2-{stage}/" in text


def test_search_takes_every_yeh_and_kaf(client: Client) -> None:
    persian, arabic = (page(client, "fa", f"search/?q={word}") for word in ("نگهداری شبکه", "نگهداري شبكه"))
    assert "نگهداری شبکه روشنایی" in persian
    assert persian.count("<tr") == arabic.count("<tr") > 10
    assert "شرکت رایانه‌گستر" in page(client, "fa", "search/?q=رايانه گستر")


def test_control_totals_balance_on_the_page(client: Client, town: Town) -> None:
    text = page(client, "en", "data/")
    stored = sum(row["amount"] for row in town.lines if row["batch"] == "aaaa")
    assert f'<data class="money" value="{stored + 5}"' in text
    assert f'<data class="money" value="{stored}"' in text
    assert "1403/01/31" in page(client, "en", "data/problems/")


def test_a_page_that_is_known_is_not_sent_again(client: Client) -> None:
    first = client.get("/fa/money/?year=1402")
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get("/fa/money/?year=1402", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    others = {
        client.get(path).headers["ETag"]
        for path in ("/fa/money/", "/en/money/?year=1402", "/fa/money/?year=1401")
    }
    assert len(others | {first.headers["ETag"]}) == 4


def test_a_moved_pointer_shows_at_the_next_request(portal: Client, settings: Any, releases: Any) -> None:
    settings.RASAD_RELEASES = str(releases)
    for lang, said in (("fa", "هنوز"), ("en", "rasad --home HOME release build")):
        empty = portal.get(f"/{lang}/")
        assert empty.status_code == 503
        assert said in empty.content.decode()
        assert empty.headers["Cache-Control"] == "no-store"
    write_release(releases, seed=1, payments=20)
    first = portal.get("/en/")
    assert first.status_code == 200
    write_release(releases, seed=2, payments=30)
    second = portal.get("/en/")
    assert second.content != first.content
    assert second.headers["ETag"] != first.headers["ETag"]
    publish(releases, 1)
    assert portal.get("/en/").content == first.content


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_city_without_residents_or_payments(
    portal: Client, settings: Any, releases: Any, lang: str
) -> None:
    write_release(releases, payments=0, residents=0, sample=False)
    settings.RASAD_RELEASES = str(releases)
    for path in (
        "",
        "money/",
        "money/?view=lines",
        "budget/",
        "search/?q=سرور",
        "data/",
        "method/",
        "money/?per=resident",
        "compare/",
        "compare/?stage=final",
        "share/",
        "share/?people=1200&paid=5000000",
    ):
        text = page(portal, lang, path)
        assert "این شهر ساختگی است" not in text
        assert "This city is invented" not in text


@pytest.mark.parametrize("key", ["name:شرکت نمونه", "es:B12/3?x", "a b%c#d", "local:s.p:1"])
def test_an_address_put_together_is_the_one_that_django_finds(key: str) -> None:
    for language in ("fa", "en"):
        with translation.override(language):
            # A line's id has no slash.
            assert line_url(key.replace("/", "-")) == reverse("portal:line", args=[key.replace("/", "-")])
            assert supplier_url(key) == reverse("portal:supplier", args=[key])
