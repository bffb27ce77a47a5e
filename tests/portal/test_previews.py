"""What stands where an address is passed on: title, sentence and picture of every page, out of the page's own figures."""

from __future__ import annotations

import html
import re
import struct
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from town import Town

from rasad.web.portal.pictures import Bar, Card, Drawing, draw, png

LANGUAGES = ("fa", "en")
PAGES = (
    "",
    "money/",
    "money/?by=unit&it=1&class=hardware",
    "money/?view=lines",
    "money/?by=stage",
    "money/?by=month",
    "money/?by=fiscal_year&q=%D8%B3%D8%B1%D9%88%D8%B1",
    "money/?q=zzzz",
    "compare/?by=unit",
    "budget/",
    "share/",
    "line/aaaa00000000-1-2-paid/",
    "supplier/ir:10100000001/",
    "supplier/person/",
    "data/",
    "data/batch/aaaa/",
    "data/problems/",
    "method/",
    "glossary/",
    "changes/?unit=20",
    "changes/1/",
)
DRAWING = Drawing(Card("عنوان", figure="۱۲", unit="ریال"), "fa", "رصد", "آبادی", "", "", "انتشار ۱", "abc")


def tags(client: Client, path: str) -> dict[str, str]:
    """Return the preview's properties of a page."""
    text = client.get(path).content.decode()
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text)
    }


def size(content: bytes) -> tuple[int, int]:
    """Return the width and height that a PNG says of itself."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", content[16:24])


def picture(client: Client, address: str) -> bytes:
    assert address.startswith("http://localhost/")
    answer = client.get(address.removeprefix("http://localhost"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), address
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    return answer.content


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_its_preview(client: Client, lang: str, path: str) -> None:
    found = tags(client, f"/{lang}/{path}")
    assert found["twitter:card"] == "summary_large_image"
    assert found["og:locale"] == {"fa": "fa_IR", "en": "en_GB"}[lang]
    assert found["og:url"] == f"http://localhost/{lang}/{path}"
    assert found["og:title"]
    assert found["og:description"] == found["description"] != ""
    assert found["og:image:alt"].startswith(found["og:title"])
    shown = picture(client, found["og:image"])
    assert size(shown) == (int(found["og:image:width"]), int(found["og:image:height"])) == (1200, 630)
    assert 10_000 < len(shown) < 200_000


def test_the_preview_says_the_pages_own_figure(client: Client, town: Town) -> None:
    paid = sum(row["amount"] for row in town.paid(1403))
    for path in ("/en/money/", "/en/money/?by=unit"):
        assert f"Total: {paid / 1e9:,.1f} billion rials" in tags(client, path)["og:description"]
    hardware = sum(row["amount"] for row in town.paid(1403, **{"class": "hardware"}, unit_code="20"))
    found = tags(client, "/en/money/?class=hardware&unit=20")
    assert found["og:title"] == "Money · Hardware · سازمان فناوری اطلاعات · By class"
    assert f"{hardware / 1e9:,.1f} billion rials" in found["og:description"]
    row = town.lines[0]
    assert f"{row['amount']:,} rials" in tags(client, f"/en/line/{row['line_id']}/")["og:description"]


def test_a_picture_says_what_its_bars_leave_out(client: Client) -> None:
    """Of the whole, what is not IT would dwarf the other bars; without it, and without a word, the first would be taken for the largest."""
    card = client.get("/en/share/").context_data["card"]
    assert (len(card.bars) > 1, card.bars_note) == (True, "without what is not IT")
    assert png(replace(DRAWING, card=card)) != png(replace(DRAWING, card=replace(card, bars_note="")))


def test_behind_a_proxy_that_speaks_https_addresses_begin_so(client: Client, settings: Any) -> None:
    said = {"x-forwarded-proto": "https"}
    assert "http://localhost/" in client.get("/en/money/", headers=said).content.decode(), (
        "who says so is not trusted"
    )
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    text = client.get("/en/money/", headers=said).content.decode()
    assert 'content="https://localhost/en/picture/money/card.png?' in text
    assert "http://localhost/" not in text


def test_what_a_reader_typed_of_themselves_is_not_passed_on(client: Client) -> None:
    found = tags(client, "/en/share/?paid=1234567&year=1403&page=1")
    for name in ("og:url", "og:image"):
        assert "year=1403" in found[name]
        assert "1234567" not in found[name]
    assert "1,234,567" not in found["og:description"]
    picture(client, found["og:image"])


@pytest.mark.parametrize("path", ["search/?q=x", "embed/years/", "money/?year=x", "line/none/"])
def test_pages_that_are_not_passed_on_have_none(client: Client, path: str) -> None:
    assert "og:image" not in tags(client, f"/en/{path}")


@pytest.mark.parametrize(
    "of",
    [
        "search/", "feed/", "nowhere/", "money.csv/", "data/files/data/line.csv/", "picture/", "embed/years/",
        "line/none/", "line/oooo-1-3-paid/", "money", "../../etc/",
    ],
)  # fmt: skip
def test_there_is_no_picture_of_what_is_no_page(client: Client, of: str) -> None:
    answer = client.get(f"/en/picture/{of}card.png")
    assert answer.status_code == 404
    assert answer["Cache-Control"] == "no-store"
    assert client.get("/en/picture/money/card.png?year=x").status_code == 404


def test_a_picture_is_not_sent_again_to_who_has_it(client: Client) -> None:
    first = client.get("/fa/picture/money/card.png")
    again = client.get("/fa/picture/money/card.png", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post("/fa/picture/money/card.png").status_code == 405


def test_the_same_card_is_the_same_picture_and_another_is_another() -> None:
    first = png(DRAWING)
    png.cache_clear()
    assert png(DRAWING) == first
    others = [
        replace(DRAWING, hash="abd"),
        replace(DRAWING, lang="en"),
        replace(DRAWING, sample="نمونه"),
        replace(DRAWING, card=replace(DRAWING.card, figure="۱۳")),
        replace(DRAWING, card=replace(DRAWING.card, bars=(Bar("الف", "۱", 1.0), Bar("ب", "۲", 0.5)))),
        replace(DRAWING, card=replace(DRAWING.card, columns=(Bar("الف", "۱", 1.0), Bar("ب", "۲", 0.5)))),
        replace(DRAWING, card=replace(DRAWING.card, columns=(Bar("ب", "۲", 0.5), Bar("الف", "۱", 1.0)))),
    ]
    assert len({first, *map(png, others)}) == 8


def test_letters_join_and_words_run_from_the_right() -> None:
    """Joined letters are another drawing than the same letters kept apart; a Persian line starts at the other edge."""
    joined, apart = (replace(DRAWING.card, title=title) for title in ("سلام", "س\u200cل\u200cا\u200cم"))
    assert png(replace(DRAWING, card=joined)) != png(replace(DRAWING, card=apart))


def test_pictures_are_kept_within_bounds_and_drawn_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    png.cache_clear()
    png(DRAWING)
    png(replace(DRAWING))
    about = png.cache_info()
    assert (about.hits, about.misses, about.maxsize) == (1, 1, draw.KEPT)
    monkeypatch.setattr(draw, "PATIENCE", 0.01)
    with draw._drawing, pytest.raises(draw.Busy):
        png(replace(DRAWING, hash="other"))
    with draw._drawing:
        assert png(DRAWING), "what was drawn is sent meanwhile"


def test_who_asks_while_too_much_is_drawn_is_told_to_come_again(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draw, "PATIENCE", 0.01)
    png.cache_clear()
    with draw._drawing:
        answer = client.get("/fa/picture/money/card.png")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "text",
    [
        '#panic("no")', '#read("/etc/passwd")', '#import "@preview/cetz:0.3.4"', "$x$ ] } #{ ) `", "*a* _b_ = c\n= d",
        "\\u{41} \\ //", '","figure":"9"', "<script>alert(1)</script>", "\u202e\u2066 x", "ن" * 5000, "w" * 5000, "😀 \x07\x00",
    ],
)  # fmt: skip
def test_texts_of_the_data_are_never_markup(text: str) -> None:
    """Whatever stands in the data is drawn as it stands: nothing fails, nothing is read, nothing is run."""
    card = Card(text[:200], text, text, text[:40], text[:20], text, (Bar(text, text[:20], 1.0),), text[:20])
    assert size(png(replace(DRAWING, card=card, city=text[:40]))) == (1200, 630)
    for other in (
        replace(card, figure="", bars=(), facts=((text, text),)),
        replace(card, bars=(), columns=(Bar(text, text, 1.0), Bar(text, text, 0.2))),
    ):
        assert size(png(replace(DRAWING, card=other))) == (1200, 630)
