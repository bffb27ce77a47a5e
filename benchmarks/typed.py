"""The query behind a page as somebody would type it into DuckDB, over a table of the release's lines."""

from __future__ import annotations

import time
from statistics import median
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

from rasad.release.reader import Release

KEYS = {"unit": "coalesce(unit_code, unit, '')", "programme": "coalesce(programme_code, programme, '')", "economic": "coalesce(economic_code, economic, '')"}  # fmt: skip
AMOUNT = "sum(amount)::hugeint, count(*)"


class Typed:
    """A DuckDB with the release's lines and problems in tables of its own, in memory, with as many threads as the portal has."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._db = duckdb.connect(config={"threads": 2})
        for table in ("line", "problem", "batch"):
            path = release.path / "data" / f"{table}.parquet"
            self._db.execute(f"create table {table} as from '{path}'")

    def milliseconds(self, address: str, turns: int = 5) -> float | None:
        """Return how long the queries behind a page take, None for a page that is behind no query of lines."""
        queries = self.queries(address)
        if not queries:
            return None
        taken = []
        for _ in range(turns):
            began = time.perf_counter()
            for query, values in queries:
                self._db.execute(query, values).fetchall()
            taken.append((time.perf_counter() - began) * 1000)
        return median(taken)

    def queries(self, address: str) -> list[tuple[str, list[Any]]]:
        """Return the queries that give what the page shows."""
        parts = urlsplit(address)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        _language, *path = parts.path.strip("/").split("/")
        year, stage = self._release.defaults()
        stage = query.get("stage", stage)
        chosen = None if query.get("year") == "all" else int(query.get("year", year or 0))
        book = query.get("book") or self._release.book(stage, year=chosen)
        where = "flow = 'expense' and book = ? and stage = ?"
        values: list[Any] = [book, stage]
        if chosen is not None and path[:1] != ["supplier"]:
            where, values = f"{where} and fiscal_year = ?", [*values, chosen]
        for name in ("unit", "programme", "economic", "supplier", "class", "mode"):
            if name in query:
                where, values = f"{where} and {KEYS.get(name, name)} = ?", [*values, query[name]]
        for word in query.get("q", "").split() if path[:1] == ["money"] else ():
            where, values = f"{where} and contains(' ' || title_key, ?)", [*values, f" {word}"]
        match path:
            case []:
                return [
                    (f"select class, {AMOUNT} from line where {where} group by 1 order by 2 desc", values),
                    (f"select fiscal_year, class, {AMOUNT} from line where flow = 'expense' and book = ? and stage = ? group by 1, 2", [book, stage]),
                    *((f"select {KEYS.get(by, by)}, {AMOUNT} from line where {where} group by 1 order by 2 desc limit 8", values) for by in ("unit", "supplier")),
                ]  # fmt: skip
            case ["money"] if query.get("view") == "lines":
                offset = 50 * (int(query.get("page", 1)) - 1)
                order = {"amount": "amount", "-date": "date desc", "date": "date"}.get(
                    query.get("order", ""), "amount desc"
                )
                return [
                    (f"select {AMOUNT} from line where {where}", values),
                    (f"select * from line where {where} order by {order} limit 50 offset {offset}", values),
                ]
            case ["money"]:
                by = query.get("by", "class")
                column = "strftime(date, '%Y-%m')" if by == "month" else KEYS.get(by, by)
                return [
                    (
                        f"select {column}, {AMOUNT} from line where {where} group by 1 order by 2 desc limit 50",
                        values,
                    )
                ]
            case ["compare"]:
                by = query.get("by", "class")
                column = KEYS.get(by, by)
                return [
                    (
                        f"select {column}, sum(amount) filter (fiscal_year = ?), sum(amount) filter (fiscal_year = ?), count(*) from line "
                        "where flow = 'expense' and book = ? and stage = ? group by 1 order by 3 desc limit 50",
                        [(chosen or 0) - 1, chosen, book, stage],
                    )
                ]
            case ["share"]:
                return [
                    (f"select class, {KEYS['unit']}, {AMOUNT} from line where {where} group by 1, 2", values)
                ]
            case ["supplier", *key]:
                key = unquote("/".join(key))
                return [
                    (
                        f"select fiscal_year, stage, {AMOUNT} from line where supplier = ? group by 1, 2",
                        [key],
                    ),
                    (
                        f"select class, {AMOUNT} from line where {where} and supplier = ? group by 1",
                        [*values, key],
                    ),
                    ("select * from line where supplier = ? order by amount desc limit 50", [key]),
                ]
            case ["line", key]:
                return [("select * from line where line_id = ?", [unquote(key)])]
            case ["search"]:
                words = " and ".join(["contains(' ' || title_key, ?)"] * len(query.get("q", "").split()))
                sought = [f" {word}" for word in query.get("q", "").split()]
                if not sought:
                    return []
                return [
                    (f"select count(*) from line where {words}", sought),
                    (f"select * from line where {words} order by abs(amount) desc limit 30", sought),
                ]
            case ["data", "problems"]:
                return [("select count(*) from problem", []), ("select * from problem limit 200", [])]
            case ["data", "batch", key]:
                return [
                    ("select * from batch where batch = ?", [key]),
                    ("select count(*), sum(amount) from line where batch = ?", [key]),
                ]
            case ["embed", "money"]:
                column = KEYS.get(query.get("by", "class"), query.get("by", "class"))
                return [
                    (
                        f"select {column}, {AMOUNT} from line where {where} group by 1 order by 2 desc limit 50",
                        values,
                    )
                ]
        return []
