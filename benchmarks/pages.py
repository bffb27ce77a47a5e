"""Pages: every kind of page over a release, asked of one portal process one after the other; nothing is kept between them.

Beside them the same data asked of DuckDB by hand, and the same kinds of page of Datasette over the same rows.
"""

from __future__ import annotations

import gzip
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote

from benchmarks import cities, crawl, report, serving
from benchmarks.typed import Typed
from rasad.release.manifest import live_release
from rasad.release.reader import Filters, Release, open_release

TURNS = 15
STARTS = 5
SHOWN = 12


@dataclass(frozen=True)
class Page:
    """A page: milliseconds (median and 95th percentile over loopback), kB of HTML, milliseconds in queries, and of the same typed into DuckDB."""

    address: str
    p50: float
    p95: float
    kb: float
    packed_kb: float
    data: float
    typed: float | None


def main(folder: Path) -> None:
    """Measure, and write the sections `pages` and `datasette`."""
    lines: list[str] = []
    for city in (cities.northtyneside(folder) or cities.of_rows(folder, 1_000_000), cities.sample(folder)):
        print(f"pages: {city.words}", file=sys.stderr)
        lines += _of_city(city)
        # At once: what is measured stays, should the next city come to nothing.
        report.write("pages", lines)
    large = cities.northtyneside(folder) or cities.of_rows(folder, 1_000_000)
    print(f"pages beside Datasette: {large.words}", file=sys.stderr)
    report.write("datasette", _beside_datasette(large, folder))


def measure(
    releases: Path, release: Release, *, only: Sequence[str] = (), data: bool = True
) -> tuple[list[Page], serving.Server, float]:
    """Return each page's measures, the server, and its memory in MB at the end. `only`: these addresses instead of all. Without `data` the
    queries are not timed by themselves, nor typed into DuckDB."""
    with serving.portal(releases) as server:
        client = serving.Client(server.port)
        found = list(only) or crawl.addresses(client, crawl.asked(release))
        answers = {address: [client.get(address) for _ in range(TURNS)] for address in found}
        memory = server.memory
        client.close()
    spent = _data_times(releases, found) if data else {}
    typed = Typed(release) if data else None
    pages = []
    for address, of_page in answers.items():
        last = of_page[-1]
        took = [answer.took for answer in of_page]
        whole = len(gzip.decompress(last.body)) if last.packed else len(last.body)
        pages.append(
            Page(
                address, median(took), percentile(took, 95), whole / 1000, len(last.body) / 1000, spent.get(address, 0.0), typed and typed.milliseconds(address)
            )
        )  # fmt: skip
    return sorted(pages, key=lambda page: -page.p95), server, memory


def percentile(values: Sequence[float], of: int) -> float:
    """Return the percentile, between the two nearest."""
    return quantiles(values, n=100, method="inclusive")[of - 1]


def _of_city(city: cities.City) -> list[str]:
    folder = live_release(city.home / "releases")
    assert folder is not None
    release = open_release(folder)
    pages, server, memory = measure(city.home / "releases", release)
    count = sum(one.lines for one in release.coverage())
    release.close()
    starts = [server.start]
    for _ in range(1, STARTS):
        with serving.portal(city.home / "releases") as again:
            starts.append(again.start)
    slow = [page for page in pages if page.p95 > 50]
    typed = [page for page in pages if page.typed]
    worst = max(typed, key=lambda page: page.data)
    rows = [
        [f"`{_short(page.address)}`", f"{page.p50:.0f}", f"{page.p95:.0f}", f"{page.kb:.0f}", f"{page.packed_kb:.0f}", f"{page.data:.1f}", f"{page.typed:.1f}" if page.typed else "–"]
        for page in _of_each_kind(pages)
    ]  # fmt: skip
    return [
        f"### Pages of {city.words}: {count:,} lines",
        "",
        f"- {len(pages)} pages of {len({crawl.kind(page.address) for page in pages})} kinds, {TURNS} times each: the slowest has a p95 of "
        f"**{pages[0].p95:.0f} ms**, the median page {median(page.p50 for page in pages):.0f} ms; {len(slow)} are above 50 ms.",
        f"- Start to first page: **{median(starts):.2f} s**, the middle of {STARTS} ({', '.join(f'{one:.2f}' for one in starts)}; the first may read its files from the disk). Memory of the whole portal after all of them: {memory:.0f} MB.",
        f"- Largest page: **{max(page.kb for page in pages):.0f} kB** of HTML, {max(page.packed_kb for page in pages):.0f} kB as sent.",
        f"- The most time in queries: {worst.data:.1f} ms (`{_short(worst.address)}`); the same typed into DuckDB {worst.typed:.1f} ms, ratio **{worst.data / (worst.typed or 1):.2f}**.",
        "",
        *report.table(["the slowest of each kind", "p50, ms", "p95, ms", "kB", "kB sent", "in queries, ms", "typed into DuckDB, ms"], rows),
        "",
    ]  # fmt: skip


def _of_each_kind(pages: list[Page]) -> list[Page]:
    """Return the slowest page of each path, and the other slowest of all."""
    slowest: dict[str, Page] = {}
    for page in pages:
        slowest.setdefault(crawl.kind(page.address).partition("?")[0], page)
    kept = {page.address for page in slowest.values()} | {page.address for page in pages[:SHOWN]}
    return [page for page in pages if page.address in kept]


def _short(address: str) -> str:
    return address if len(address) <= 70 else address[:67] + "…"


def _data_times(releases: Path, addresses: Sequence[str]) -> dict[str, float]:
    """Return the milliseconds in queries of each page, medians of five, asked inside this process."""
    import django
    from django.conf import settings
    from django.test import Client

    if not settings.configured:
        own = dict(os.environ)
        os.environ |= {"DJANGO_SETTINGS_MODULE": "rasad.web.settings", "RASAD_SITE": "portal"}
        django.setup()
        # Servers that are started later inherit the environment: they must not know what is for this process alone.
        os.environ.clear()
        os.environ.update(own)
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.RASAD_RELEASES = str(releases)
    from rasad.web.portal.current import live

    release, client = live(), Client()
    assert release is not None
    found = {}
    for address in addresses:
        taken = []
        for _ in range(5):
            before = release.spent()
            client.get(address)
            taken.append((release.spent() - before) * 1000)
        found[address] = median(taken)
    return found


# Datasette


def _beside_datasette(city: cities.City, folder: Path) -> list[str]:
    path = live_release(city.home / "releases")
    assert path is not None
    release = open_release(path)
    database = folder / f"{city.name}.db"
    if not database.exists():
        _to_sqlite(release, database)
    pairs = _pairs(release, database.stem)
    with serving.portal(city.home / "releases") as own, serving.datasette(database) as peer:
        clients = serving.Client(own.port), serving.Client(peer.port)
        rows = []
        for what, addresses in pairs:
            taken: tuple[list[float], list[float]] = ([], [])
            for _ in range(TURNS):
                # By turns, so that what else the machine does falls on both.
                for client, address, times in zip(clients, addresses, taken, strict=True):
                    answer = client.get(address)
                    if answer.status != 200:
                        raise RuntimeError(f"{address}: {answer.status}")
                    times.append(answer.took)
            a, b = median(taken[0]), median(taken[1])
            cells = [
                f"{a:.0f}",
                f"{percentile(taken[0], 95):.0f}",
                f"{b:.0f}",
                f"{percentile(taken[1], 95):.0f}",
            ]
            rows.append([what, *cells, f"**{b / a:.1f}**"])
        memory = f"{own.memory:.0f} MB against {peer.memory:.0f} MB"
        starts = f"{own.start:.2f} s against {peer.start:.2f} s"
    release.close()
    head = ["page", "Rasad p50, ms", "p95", "Datasette p50, ms", "p95", "times as fast"]
    size = f"{database.stat().st_size / 1e6:,.0f} MB"
    return [
        f"{city.words}. Datasette serves an SQLite file of all columns of the release's lines ({size}), with a primary key, indexes on year, unit, class "
        "and supplier, statistics, and full-text search on the descriptions.",
        "",
        *report.table(head, rows),
        "",
        f"Start to first page: {starts}. Memory: {memory}.",
    ]


def _pairs(release: Release, name: str) -> list[tuple[str, tuple[str, str]]]:
    """Return what is asked of both, and the address at each. Datasette shows 100 rows, Rasad 50."""
    year, stage = release.defaults()
    filters = release.settled(Filters(year=year, stage=stage))
    word = crawl._words(release)[0]
    line = release.lines(filters, limit=1)[0]["line_id"]
    where = f"flow = 'expense' and book = '{filters.book}' and stage = '{stage}' and fiscal_year = {year}"

    def sql(query: str) -> str:
        return f"/{name}?sql={quote(query)}"

    def group(column: str) -> Callable[[], str]:
        return lambda: sql(
            f"select {column}, sum(amount) as amount, count(*) as lines from line where {where} group by 1 order by 2 desc limit 50"
        )

    table = f"/{name}/line"
    narrowed = f"flow=expense&book={filters.book}&stage={stage}&fiscal_year={year}"
    return [
        ("groups by class, one year", ("/fa/money/?by=class", group("class")())),
        ("groups by unit, one year", ("/fa/money/?by=unit", group("unit")())),
        ("groups by supplier, one year", ("/fa/money/?by=supplier", group("supplier")())),
        ("lines of a year, largest first", ("/fa/money/?view=lines", f"{table}?{narrowed}&_sort_desc=amount&_size=50")),
        (f"search for “{word}”", (f"/fa/search/?q={quote(word)}", f"{table}?_search={quote(word)}&_size=30")),
        ("one line", (f"/fa/line/{line}/", f"{table}/{quote(line)}")),
    ]  # fmt: skip


def _to_sqlite(release: Release, path: Path) -> None:
    """Write the lines as a careful user of Datasette would."""
    import duckdb

    parquet = release.path / "data" / "line.parquet"
    with duckdb.connect() as source, sqlite3.connect(path) as db:
        columns = [row[0] for row in source.execute(f"describe select * from '{parquet}'").fetchall()]
        db.execute("pragma journal_mode = off")
        db.execute("pragma synchronous = off")
        names = ", ".join(
            f'"{name}"' + (" text primary key" if name == "line_id" else "") for name in columns
        )
        db.execute(f"create table line ({names})")
        marks = ", ".join("?" * len(columns))
        rows = source.execute(
            f"select * replace (date::varchar as date, as_of::varchar as as_of) from '{parquet}'"
        )
        while part := rows.fetchmany(20_000):
            db.executemany(f"insert into line values ({marks})", part)
        db.execute("create index by_class on line(flow, book, stage, fiscal_year, class, amount)")
        db.execute("create index by_unit on line(flow, book, stage, fiscal_year, unit, amount)")
        db.execute("create index by_supplier on line(flow, book, stage, fiscal_year, supplier, amount)")
        db.execute("create index by_amount on line(flow, book, stage, fiscal_year, amount)")
        db.execute("create virtual table line_fts using fts5(title, content='line')")
        db.execute("insert into line_fts(line_fts) values ('rebuild')")
        db.execute("analyze")
    db.close()
