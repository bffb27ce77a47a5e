"""Embeds: the figures of the page, pinned to their release, in another site's frame and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from town import Town, write_release
from two_releases import LATER, edited

from rasad.web.portal import current

FRAMED = "frame-ancestors *"


def amounts(html: str, part: str) -> list[int]:
    found = re.search(rf"<{part}.*?</{part}>", html, re.S)
    return [int(value) for value in re.findall(r'<data[^>]* value="(-?\d+)"', found[0])] if found else []


@pytest.mark.parametrize("by", ["class", "unit", "supplier", "month"])
def test_an_embed_has_the_figures_of_its_page(client: Client, by: str) -> None:
    filters = f"?by={by}&year=1403&stage=paid"
    page = client.get(f"/en/money/{filters}").content.decode()
    framed = client.get(f"/en/embed/money/{filters}").content.decode()
    assert amounts(framed, "tfoot") == amounts(page, "tfoot") != []
    # However many groups there are, the rows of the frame come to the total.
    assert sum(amounts(framed, "tbody")) == amounts(framed, "tfoot")[0]
    assert "<nav" not in framed
    assert len(framed) < 60_000


def test_the_source_is_named(client: Client, town: Town) -> None:
    html = client.get("/fa/embed/money/?by=class&year=1403&stage=paid").content.decode()
    assert "منبع" in html
    assert "انتشار ۰۰۰۱" in re.sub(r"\s+", " ", html)
    assert 'href="http://localhost/fa/money/?by=class&amp;year=1403&amp;stage=paid"' in html


def test_other_sites_may_frame_embeds_alone(client: Client) -> None:
    framed = client.get("/fa/embed/years/")
    assert framed.status_code == 200
    assert FRAMED in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert not framed.cookies
    assert framed["Referrer-Policy"] == "no-referrer"
    names = {str(pattern.pattern) for pattern in _portal_patterns()}
    assert "embed/<str:what>/" in names
    for pattern in sorted(names - {"embed/<str:what>/"}):
        if "<" in pattern and "embed" not in pattern:
            continue
        answer = client.get("/fa/" + pattern.replace("<str:what>", "money"))
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], pattern
        assert answer["X-Frame-Options"] == "DENY", pattern


def _portal_patterns() -> list[Any]:
    return [one for part in get_resolver().url_patterns[1].url_patterns for one in part.url_patterns]


def test_what_is_copied_leads_to_the_very_same_figures(client: Client) -> None:
    html = client.get("/en/embed/money/how/?by=unit&year=1402&stage=paid&it=1").content.decode()
    assert "frame-src 'self'" in client.get("/en/embed/money/how/")["Content-Security-Policy"]
    [src] = re.findall(r'&lt;iframe src=&quot;([^&]*(?:&amp;[^&]*)*?)&quot;|&lt;iframe src="([^"]*)"', html)
    address = next(part for part in src if part).replace("&amp;", "&")
    assert "release=1" in address
    shown = client.get(address.removeprefix("http://localhost"))
    assert shown.status_code == 200
    assert amounts(shown.content.decode(), "tfoot")[0] > 0


def test_a_newspaper_says_whether_its_frame_is_light_or_dark(client: Client) -> None:
    plain = client.get("/en/embed/money/?by=unit").content.decode()
    lit = client.get("/en/embed/money/?by=unit&scheme=light").content.decode()
    assert ("data-scheme" in plain, '<html lang="en" dir="ltr" data-scheme="light">' in lit) == (False, True)
    # Nothing else differs, and no link takes it along.
    assert lit.replace(' data-scheme="light"', "") == plain
    how = client.get("/en/embed/money/how/?by=unit&scheme=dark").content.decode()
    assert "scheme=dark" in how.split("<textarea", 1)[1].split("</textarea>", 1)[0].split("\n")[0]
    assert '<option value="dark" selected>' in how
    assert '<input type="hidden" name="by" value="unit">' in how
    assert client.get("/en/embed/money/?scheme=red").status_code == 400


def test_an_embed_stays_with_its_release_and_says_that_a_newer_one_is_out(
    portal: Client, settings: Any, releases: Path, town: Town
) -> None:
    settings.RASAD_RELEASES = str(releases)
    write_release(releases)
    pinned = "/en/embed/money/?by=class&year=1403&stage=paid&release=1"
    before = portal.get(pinned)
    write_release(releases, edit=edited, now=LATER)
    after = portal.get(pinned)
    assert amounts(before.content.decode(), "tbody") == amounts(after.content.decode(), "tbody")
    assert "is newer" not in before.content.decode()
    assert "Release 0002 is newer" in after.content.decode() or "Release 2 is newer" in after.content.decode()
    # Who has the page from before must hear of the newer release.
    assert portal.get(pinned, headers={"If-None-Match": before["ETag"]}).status_code == 200
    assert portal.get(pinned, headers={"If-None-Match": after["ETag"]}).status_code == 304
    newest = portal.get(pinned.replace("release=1", "release=2")).content.decode()
    assert amounts(newest, "tbody") != amounts(after.content.decode(), "tbody")
    assert "is newer" not in newest


@pytest.mark.parametrize("release", ["0", "7", "-1", "x", "1.0", "99999", "٣"])
def test_a_release_that_was_never_live_is_not_shown(client: Client, release: str) -> None:
    assert client.get("/en/embed/money/", {"release": release}).status_code == 404
    assert client.get("/en/embed/nothing/").status_code == 404


def test_few_earlier_releases_stay_open(
    portal: Client, settings: Any, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RASAD_RELEASES = str(releases)
    for _ in range(4):
        write_release(releases)
    monkeypatch.setattr(current, "_EARLIER", 2)
    for number in (1, 2, 3, 1):
        assert portal.get("/en/embed/money/", {"release": number}).status_code == 200
        assert len(current._earlier) <= 2


@pytest.mark.parametrize(
    ("by", "lang"), [("class", "en"), ("unit", "fa"), ("programme", "en"), ("supplier", "fa")]
)
def test_two_periods_in_a_frame_come_to_the_pages_totals(client: Client, by: str, lang: str) -> None:
    page = client.get(f"/{lang}/compare/?by={by}").content.decode()
    framed = client.get(f"/{lang}/embed/compare/?by={by}&order=name").content.decode()
    assert amounts(framed, "tfoot") == amounts(page, "tfoot") != []
    first, second, difference = (amounts(framed, "tbody")[at::3] for at in range(3))
    assert [sum(first), sum(second), sum(difference)] == amounts(framed, "tfoot")
    assert all(b - a == left for a, b, left in zip(first, second, difference, strict=True))
    assert f'href="http://localhost/{lang}/compare/?by={by}"' in framed
    assert "order=" not in re.sub(r"<head>.*</head>", "", framed, flags=re.S), "nothing sorts in a frame"
    assert f'href="/{lang}/embed/compare/how/?by={by}"' in page


def test_a_round_sum_in_a_frame_holds_nothing_that_a_reader_typed(client: Client) -> None:
    page = client.get("/en/share/?year=1403").content.decode()
    typed = "year=1403&paid=5000000&in=toman&people=7"
    framed = client.get(f"/en/embed/share/?{typed}").content.decode()
    parts = re.search(r'<table role="table" id="share-by-class">.*?</table>', page, re.S)
    assert parts
    assert amounts(framed, "tbody") == amounts(parts[0], "tbody") != []
    assert amounts(framed, "tfoot")[0] == 1_000_000 == sum(amounts(framed, "tbody")[::2])
    assert "5000000" not in re.sub(r"<head>.*</head>", "", framed, flags=re.S)
    [how] = re.findall(
        r'href="(/en/embed/share/how/[^"]*)"', client.get(f"/en/share/?{typed}").content.decode()
    )
    assert "1403" in how
    assert "paid" not in how


def test_there_is_no_frame_of_what_is_not_there(portal: Client, settings: Any, releases: Path) -> None:
    write_release(releases, payments=0)
    settings.RASAD_RELEASES = str(releases)
    assert portal.get("/en/embed/share/?year=1399").status_code == 404
    write_release(releases, edit=lambda rows: [row for row in rows if row["fiscal_year"] == 1403])
    assert portal.get("/en/embed/compare/").status_code == 404
