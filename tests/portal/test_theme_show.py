"""How values are written, and what the components make of them."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from rasad.persian.digits import to_latin
from rasad.web.theme import labels, show
from rasad.web.theme.charts import Chart, Item
from rasad.web.theme.parts import Chip, Column, Fact, Field, Matrix, Option, Pages, Stat, Table
from rasad.web.theme.site import Site

SITE = Site(city="نمونه‌شهر", currency="IRR", calendar="jalali")


def write(
    source: str, *, lang: str = "fa", path: str = "/fa/money/", site: Site = SITE, **context: object
) -> str:
    request = RequestFactory().get(path)
    with translation.override(lang):
        return Template("{% load rasad parts %}" + source).render(
            Context({"site": site, "request": request, **context})
        )


@pytest.mark.parametrize(
    ("share", "fa", "en"),
    [
        (0.3721, "۳۷٫۲٪", "37.2%"),
        (0.0, "۰٫۰٪", "0.0%"),
        (1.0, "۱۰۰٫۰٪", "100.0%"),
        (0.00001, "<۰٫۱٪", "<0.1%"),
        (-0.05, "−۵٫۰٪", "−5.0%"),
        (None, "—", "—"),
    ],
)
def test_percentages(share: float | None, fa: str, en: str) -> None:
    assert show.percent(share, "fa") == fa
    assert show.percent(share, "en") == en


@given(st.floats(min_value=1e-9, max_value=1))
def test_what_is_not_nought_is_never_written_as_nought(share: float) -> None:
    assert show.percent(share, "en") not in ("0.0%", "0%")


@given(st.integers(min_value=-(10**17), max_value=10**17), st.sampled_from(["fa", "en"]))
def test_the_exact_amount_stays_in_the_page(amount: int, lang: str) -> None:
    html = write("{% money amount %}", lang=lang, amount=amount)
    assert f'value="{amount}"' in html
    title = re.search('title="([^"]*)"', html)
    assert title is not None
    assert int(re.sub(r"\D", "", to_latin(title[1]))) == abs(amount)


@given(st.lists(st.integers(min_value=0, max_value=10**15), min_size=1, max_size=8))
def test_amounts_of_a_column_have_the_same_number_of_decimals(amounts: list[int]) -> None:
    unit = show.column_unit(amounts, "IRR")
    texts = [show.aligned_amount(amount, "IRR", unit, "en") for amount in amounts]
    assert len({len(text.partition(".")[2]) for text in texts}) == 1


def test_a_day_is_written_in_the_citys_calendar_with_the_other_beside_it() -> None:
    html = write("{% day value %}", value=date(2025, 3, 20))
    assert '<time datetime="2025-03-20"' in html
    assert ">۱۴۰۳/۱۲/۳۰<" in html
    assert "مارس" in html
    gregorian = Site(city="Madrid", currency="EUR", calendar="gregorian")
    assert ">2025-03-20<" in write("{% day value %}", lang="en", site=gregorian, value="2025-03-20")
    assert "—" in write("{% day value %}", value=None)


def test_unknown_codes_are_shown_as_they_are() -> None:
    assert labels.label(labels.CLASSES, "blockchain") == "blockchain"
    assert write("{{ c|class_label }}", c="hardware") == "سخت‌افزار"
    assert write("{{ s|stage_label }}", lang="en", s="paid") == "Paid"


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("/fa/money/?year=1403&q=%D8%B3", "en", "/en/money/?year=1403&q=%D8%B3"),
        ("/en/", "fa", "/fa/"),
        ("/en?x=1", "fa", "/fa/?x=1"),
        ("/nowhere/", "en", "/en/"),
    ],
)
def test_the_language_switch_keeps_the_address(path: str, code: str, expected: str) -> None:
    html = write("{% language_url code %}", path=path, code=code)
    assert html.replace("&amp;", "&") == expected


def test_an_address_is_changed_and_goes_back_to_the_first_page() -> None:
    html = write("{% address year=1402 unit=None %}", path="/fa/money/?page=7&year=1403&unit=x&q=a")
    assert html.replace("&amp;", "&") == "/fa/money/?year=1402&q=a"


def test_texts_of_files_are_escaped_everywhere() -> None:
    evil = '<script>alert("1")</script>'
    table = Table("t", evil, [Column("a", evil, sort="a")], [{"a": evil}], total={"a": evil})
    chart = Chart("c", "bar", evil, items=[Item(evil, 1.0, evil)])
    html = write(
        "{% data_table table %}{% facts facts %}{% filter_chips chips %}{% filter_form fields %}{% stats stats %}"
        "{% figure chart %}{% endfigure %}{% class_chip evil evil %}{{ evil|code }}{% fingerprint evil %}{% bar 0.5 evil %}",
        table=table,
        evil=evil,
        chart=chart,
        facts=[Fact(evil, evil, raw=evil, link=evil, note=evil)],
        chips=[Chip(evil, evil, evil)],
        fields=[Field(evil, evil, evil, [Option(evil, evil)]), Field(evil, evil, evil, kind="text")],
        stats=[Stat(evil, text=evil, note=evil, link=evil)],
    )
    assert "<script>" not in html
    assert "alert" in html


def test_sort_links_turn_round_and_keep_the_filters() -> None:
    table = Table(
        "t",
        "x",
        [
            Column("name", "Name", sort="name"),
            Column("amount", "Amount", "money", sort="amount"),
            Column("n", "N", "number"),
        ],
        [{"name": "a", "amount": 5, "n": 1}],
        order="-amount",
    )
    html = write("{% data_table table %}", lang="en", path="/en/money/?year=1403&page=3", table=table)
    assert 'href="/en/money/?year=1403&amp;order=amount"' in html
    assert 'href="/en/money/?year=1403&amp;order=name"' in html
    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html
    assert html.count('class="sort"') == 2


def test_one_unit_for_a_column_named_in_its_head() -> None:
    amounts = [3_000_000_000, 10_000_000, 2_000_000_000, 400_000_000, None]
    rows = [{"a": str(place), "m": amount} for place, amount in enumerate(amounts)]
    html = write(
        "{% data_table table %}", table=Table("t", "c", [Column("a", "A"), Column("m", "M", "money")], rows)
    )
    assert html.count("میلیارد ریال</span></th>") == 1
    cells = re.findall(r'<data class="money" value="(\d+)" title="[^"]*">([^<]*)</data>', html)
    small = "<۰٫۱".replace("<", "&lt;")
    assert [text for _amount, text in cells] == ["۳٫۰", small, "۲٫۰", "۰٫۴"]
    assert [int(amount) for amount, _text in cells] == amounts[:4]
    assert '<span class="nothing">—</span>' in html


def test_the_unit_of_a_column_lets_most_amounts_be_told() -> None:
    assert (
        show.column_unit([6_300_000_000_00, 20_000_000_00, 3_000_000_00, 15_000_000_00], "EUR") == "million"
    )
    assert show.column_unit([963_000_000_000, 4_000_000_000, 2_000_000_000], "IRR") == "billion"
    assert show.column_unit([0, 0], "IRR") == "full"


@pytest.mark.parametrize(
    ("amount", "text"),
    [(3_998_100_000, ("3,998.1", "million rials")), (12_300_000_000, ("12.3", "billion rials"))],
)
def test_a_single_amount_is_told_in_enough_digits(amount: int, text: tuple[str, str]) -> None:
    assert show.scaled_amount(amount, "IRR", "auto", "en") == text


def test_a_table_without_rows_says_so() -> None:
    html = write("{% data_table table %}", lang="en", table=Table("t", "c", [Column("a", "A")], []))
    assert "Nothing here." in html
    assert 'colspan="1"' in html


@pytest.mark.parametrize(
    ("kinds", "stack", "narrow"),
    [
        (["text", "money", "share", "number"], True, "tight"),
        (["text", "date", "money"], True, "stack"),
        (["text", "date", "money"], False, "scroll"),
        (["text", "money", "money", "money", "money"], False, "scroll"),
    ],
)
def test_how_tables_meet_narrow_screens(kinds: list[str], stack: bool, narrow: str) -> None:
    columns = [Column(str(i), "x", kind) for i, kind in enumerate(kinds)]  # type: ignore[arg-type]
    assert Table("t", "c", columns, [], stack=stack).narrow == narrow


def test_bars_have_the_shares_length_within_bounds() -> None:
    assert 'width="37.20%"' in write("{% bar 0.372 'hardware' %}")
    assert 'width="100.00%"' in write("{% bar 1.7 %}")
    assert 'width="0.00%"' in write("{% bar share %}", share=None)


def test_facts_show_the_raw_text_beside_the_read_one() -> None:
    html = write(
        "{% facts facts %}", facts=[Fact("شرح", "سرور", raw="سرور  "), Fact("قرارداد", "", "code", raw="")]
    )
    assert '<bdi class="raw">سرور  </bdi>' in html
    assert html.count("fact-raw-label") == 2
    assert "تهی" in html


def test_a_matrix_tells_nothing_from_nought() -> None:
    grid = Matrix("m", "c", "x", ["a", "b"], ["r"], [[0, None]], kind="number")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", write("{% matrix grid %}", grid=grid))
    assert cells == ["۰", '<span class="nothing">—</span>']


def test_pages_say_where_one_stands() -> None:
    html = write("{% pagination pages %}", lang="en", pages=Pages(1, 3, 1, 50, 12345, "", "?page=2"))
    assert "<b>1</b> to <b>50</b> of <b>12,345</b>" in html
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


def test_a_list_of_choices_marks_the_chosen_and_escapes_what_it_says() -> None:
    choices = [Option("<1>", "A & B", 1200), Option("2", "ب")]
    text = write(
        "{% filter_form fields %}", lang="en", fields=[Field("unit", "Unit", "2", choices, empty="all")]
    )
    assert (
        '<option value="">all</option><option value="&lt;1&gt;">A &amp; B (1,200)</option><option value="2" selected>ب</option>'
        in text
    )


def test_a_chart_carries_its_data_and_stands_over_its_table() -> None:
    chart = Chart("c1", "bar", "T", unit="ریال", items=[Item("</script>", 1.5, "۱٫۵", "hardware", "?x=1")])
    html = write("{% figure chart %}<p>TABLE</p>{% endfigure %}", chart=chart)
    block = re.search(r'<script id="c1-data" type="application/json">(.*?)</script>', html)
    assert block is not None
    assert json.loads(block[1])["items"][0]["name"] == "</script>"
    assert html.index("data-chart") < html.index("TABLE")


def test_remarks_take_what_stands_between_their_tags() -> None:
    html = write('{% note kind="caution" title="T" %}<p>{{ x }}</p>{% endnote %}', x="<b>")
    assert 'class="note note-caution"' in html
    assert "<p>&lt;b&gt;</p>" in html


def test_only_a_table_that_is_stacked_says_its_roles_and_only_a_shortened_amount_its_whole() -> None:
    columns = [Column("a", "A"), Column("b", "B"), Column("m", "M", "money", unit="full")]
    rows = [{"a": "a", "b": "b", "m": 1_234_567}]
    stacked = write("{% data_table table %}", table=Table("t", "c", columns, rows))
    said = {"rowgroup", "row", "columnheader", "rowheader", "cell"}
    assert said <= set(re.findall(r' role="(\w+)"', stacked))
    assert 'data-label="M (ریال)"' in stacked
    scrolled = write("{% data_table table %}", table=Table("t", "c", columns, rows, stack=False))
    assert not said & set(re.findall(r' role="(\w+)"', scrolled))
    assert "data-label" not in scrolled
    for html in (stacked, scrolled):
        assert '<data class="money" value="1234567">۱٬۲۳۴٬۵۶۷</data>' in html
