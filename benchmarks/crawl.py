"""Every kind of page that a release has: found by following the portal's own links, so that a page that is added is measured too."""

from __future__ import annotations

import gzip
import re
from collections import Counter, deque
from html import unescape
from urllib.parse import parse_qs, quote, urljoin, urlsplit

from benchmarks.serving import Client
from rasad.release.reader import Filters, Release

EACH = 3
"""Addresses that are kept of a kind: the same page with the same parameters asked for other things."""
_LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
_NO_PAGE = re.compile(r"\.(?:csv|json|xlsx|png|atom|xml|parquet)$|^/static/|/data/files/|/feed/|/picture/")
_OWN = re.compile(r"/(?:[0-9]+|[^/]*[:%.-][^/]*|[0-9a-f]{16})(?=/)")


def kind(address: str) -> str:
    """Return what the page is, without what it is of: its path with keys left out, and the names of its parameters."""
    parts = urlsplit(address)
    names = sorted(parse_qs(parts.query, keep_blank_values=True))
    told = [f"by={parse_qs(parts.query)['by'][0]}" if name == "by" else name for name in names]
    return _OWN.sub("/…", parts.path) + ("?" + "&".join(told) if told else "")


def addresses(client: Client, first: list[str], most: int = 120) -> list[str]:
    """Return addresses of pages that answer, `EACH` of every kind, from `first` on along the links of the pages."""
    waiting, seen, found = deque(first), set(first), list[str]()
    of_kind: Counter[str] = Counter()
    while waiting and len(found) < most:
        address = waiting.popleft()
        if of_kind[kind(address)] >= EACH and address not in first:
            continue
        answer = client.get(address)
        if answer.status != 200:
            continue
        of_kind[kind(address)] += 1
        found.append(address)
        body = gzip.decompress(answer.body) if answer.packed else answer.body
        for link in _LINK.findall(body.decode()):
            target = urlsplit(urljoin(address, unescape(link)))
            if target.netloc or _NO_PAGE.search(target.path) or not target.path.startswith("/fa/"):
                continue
            whole = target.path + (f"?{target.query}" if target.query else "")
            if whole not in seen:
                seen.add(whole)
                waiting.append(whole)
    return found


def asked(release: Release) -> list[str]:
    """Return addresses that no link leads to: words that are typed, and pages far behind the first."""
    year, stage = release.defaults()
    filters = Filters(year=year, stage=stage)
    word, rare = _words(release)
    lines = release.total(filters)[1]
    largest = [
        row.key
        for row in release.breakdown("supplier", Filters(stage=stage, year=year), limit=3).rows
        if row.key
    ]
    line = release.lines(filters, limit=1)[0]["line_id"]
    return [
        "/fa/",
        *(f"/fa/money/?by={by}" for by in ("class", "mode", "unit", "programme", "supplier", "economic", "nature", "source", "fiscal_year", "month", "stage")),
        "/fa/money/?view=lines",
        "/fa/money/?view=lines&order=amount",
        "/fa/money/?view=lines&order=-date",
        f"/fa/money/?view=lines&page={max(1, lines // 100)}",
        f"/fa/money/?view=lines&year=all&order=-date&page={max(1, lines // 200)}",
        f"/fa/money/?view=lines&year=all&q={quote(word)}",
        f"/fa/money/?view=lines&year=all&q={quote(rare)}",
        f"/fa/money/?by=supplier&year=all&q={quote(word)}",
        "/fa/money/?by=supplier&year=all&page=5",
        "/fa/compare/",
        "/fa/compare/?by=supplier",
        "/fa/compare/?by=supplier&from=1&to=6",
        "/fa/share/",
        "/fa/embed/money/?by=supplier",
        "/fa/embed/years/",
        *(f"/fa/supplier/{quote(key, safe=':')}/" for key in largest),
        f"/fa/line/{line}/",
        f"/fa/search/?q={quote(word)}",
        f"/fa/search/?q={quote(rare)}",
        f"/fa/search/?q={quote(word[:2])}",
        "/fa/data/problems/",
        f"/fa/data/batch/{release.batches()[0]['batch']}/",
        "/fa/changes/",
    ]  # fmt: skip


def _words(release: Release) -> tuple[str, str]:
    """Return a word that very many descriptions have, and one that few have."""
    rows = release.rows(
        """
        select word, count(*) from (select unnest(string_split(key, ' ')) as word from title)
        where length(word) > 3 and not regexp_matches(word, '[0-9]') group by 1 order by 2 desc, 1
        """
    )
    few = [word for word, count in rows if count <= 5]
    return rows[0][0], few[0] if few else rows[-1][0]
