"""An open release: what it says, from any number of threads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rasad.ledger.schema import CLASSES, STAGES
from rasad.release.manifest import read_manifest, release_hash, within
from rasad.release.reader import lines as lines_of
from rasad.release.reader import search as searches
from rasad.release.reader.filters import COLUMNS, DIMENSIONS, KEYED, Filters
from rasad.release.reader.index import index_folder
from rasad.release.reader.records import Records
from rasad.release.reader.results import Breakdown, BreakdownRow, Coverage, Found, StageRow, Supplier
from rasad.release.reader.store import Store

_KEY = "cast(g.key as varchar)"
_SUMS = "cast(sum(amount) as bigint) as amount, cast(sum(lines) as bigint) as lines"
_BREAKDOWN_ORDERS = {
    "-amount": "amount desc, key",
    "amount": "amount, key",
    "-lines": "lines desc, key",
    "lines": "lines, key",
    "label": "label, key",
    "-label": "label desc, key desc",
    "key": "key",
    "-key": "key desc",
}


def open_release(path: Path, cache_dir: Path | None = None) -> Release:
    """Open the release in `path`. Its index is made where the cache (beside the releases' folder by default) has none.

    ReleaseError where `path` is no release.
    """
    read_manifest(path)
    return Release(path, cache_dir or path.resolve().parent.parent / "cache")


class Release:
    """One release: `number`, `hash`, `manifest`, `city` (its settings), `currency`, `cache` (the folder of what is derived). Close it when done."""

    def __init__(self, path: Path, cache: Path) -> None:
        self.path = path
        self.cache = cache
        self.manifest = read_manifest(path)
        self.number = int(self.manifest["number"])
        self.hash = release_hash(path)
        self.city: dict[str, Any] = self.manifest["city"]
        self.currency = str(self.city["currency"])
        self._choices: dict[str, list[tuple[str, str]]] = {}
        self._store = Store(index_folder(path, cache))
        self._all, self._dicts = self._store.rows, self._store.dicts
        self.records = Records(self._store)
        rows = self._all(
            "select flow, book, fiscal_year, stage, lines, amount, first_date, last_date from coverage"
        )
        found = [Coverage(*row[:6], *(day and day.isoformat() for day in row[6:])) for row in rows]
        self._coverage = sorted(found, key=lambda c: (c.flow, c.book, -c.year, STAGES.index(c.stage)))

    def close(self) -> None:
        self._store.close()

    def spent(self) -> float:
        """Return the seconds that this thread has spent in queries so far."""
        return self._store.spent()

    # What is there

    @property
    def created_at(self) -> str:
        return str(self.manifest["created_at"])

    def coverage(self) -> list[Coverage]:
        """Return how far the data goes, by flow, fiscal year (newest first) and stage."""
        return list(self._coverage)

    def book(self, stage: str | None, *, year: int | None = None, flow: str = "expense") -> str:
        """Return the book that answers for a stage: the payments ledger where it has the stage (in the year), else the budget's report."""
        books = {
            c.book for c in self._coverage if c.flow == flow and c.stage == stage and year in (None, c.year)
        }
        return "payments" if "payments" in books else "budget"

    @property
    def years(self) -> list[int]:
        """Return the fiscal years of expenses, newest first."""
        return sorted({c.year for c in self._coverage if c.flow == "expense"}, reverse=True)

    @property
    def stages_there(self) -> list[str]:
        """Return the stages of expenses that have lines, in their order."""
        found = {c.stage for c in self._coverage if c.flow == "expense"}
        return [stage for stage in STAGES if stage in found]

    def defaults(self) -> tuple[int | None, str | None]:
        """Return the fiscal year and stage to open on: the city's default stage in its newest year, else the last stage there is."""
        years: dict[str, int] = {}
        for one in self.coverage():
            if one.flow == "expense":
                years[one.stage] = max(one.year, years.get(one.stage, 0))
        wanted = str(self.city.get("default_stage", "paid"))
        stage = wanted if wanted in years else next((s for s in reversed(STAGES) if s in years), None)
        return (years[stage], stage) if stage else (None, None)

    def choices(self, dimension: str) -> list[tuple[str, str]]:
        """Return (key, label) of every value of a dimension, those with the most lines first. Read once per release."""
        if dimension not in self._choices:
            column = COLUMNS[dimension]
            table = self._store.smallest({column, "lines"})
            rows = self._of(
                dimension,
                table,
                f"""
                select coalesce({_KEY}, ''), coalesce({self._label(dimension)}, {_KEY}, '') from (
                  select "{column}" as key, sum(lines) as lines from {table} group by 1) g
                {self._label_join(dimension)} order by lines desc, 1
                """,
            )
            self._choices[dimension] = [(key, label) for key, label in rows]
        return self._choices[dimension]

    # Money

    def breakdown(
        self, by: str, filters: Filters, *, order: str = "-amount", limit: int = 50, offset: int = 0
    ) -> Breakdown:
        """Return the money that `filters` means in groups. ValueError without exactly one stage, unless grouped by stage."""
        filters = self._settled(filters, by)
        rows = self._groups(by, filters, _order(by, order), limit=limit, offset=offset)
        # Every row bears the totals of all groups; a page without a row asks for them.
        totals = rows[0][4:] if rows else self._totals(by, filters) if offset or not limit else (0, 0, 0)
        return self._breakdown(by, rows, *(int(total or 0) for total in totals))

    def breakdown_by_year(self, by: str, filters: Filters) -> dict[int, Breakdown]:
        """Return fiscal year → the money that `filters` means in groups, the largest first, each year from the book that answers for it.

        ValueError without exactly one stage.
        """
        if filters.stage is None:
            raise ValueError("stages are never added together: say which stage")
        if by not in DIMENSIONS:
            raise ValueError(f"no dimension {by!r}")
        table, where, values = self._asked(by, filters, also={"fiscal_year", "book"})
        rows = self._of(
            by,
            table,
            f"""
            select g.year, g.book, coalesce({_KEY}, '') as key, coalesce({self._label(by)}, {_KEY}, '') as label, amount, lines from (
              select fiscal_year as year, book, "{COLUMNS[by]}" as key, {_SUMS} from {table} where {where} group by 1, 2, 3) g
            {self._label_join(by)} order by amount desc, key
            """,
            values,
        )
        found: dict[int, list[tuple[Any, ...]]] = {}
        for year, book, *row in rows:
            if book == (filters.book or self.book(filters.stage, year=year, flow=filters.flow)):
                found.setdefault(year, []).append(tuple(row))
        return {
            year: self._breakdown(
                by, of_year, len(of_year), sum(row[2] for row in of_year), sum(row[3] for row in of_year)
            )
            for year, of_year in found.items()
        }

    def _breakdown(
        self, by: str, rows: list[tuple[Any, ...]], groups: int, amount: int, lines: int
    ) -> Breakdown:
        whole = None if by == "stage" else amount
        return Breakdown(
            by=by,
            rows=[self._row(row, whole) for row in rows],
            groups=groups,
            total_amount=whole,
            total_lines=lines,
            currency=self.currency,
        )

    def _totals(self, by: str, filters: Filters) -> tuple[Any, ...]:
        """Return how many groups there are, their amount and their lines."""
        column = f'"{COLUMNS[by]}"'
        table, where, values = self._asked(by, filters)
        return self._of(
            by,
            table,
            f"select count(distinct {column}) + coalesce(max(case when {column} is null then 1 else 0 end), 0), {_SUMS} from {table} where {where}",
            values,
            filters,
        )[0]

    def iter_breakdown(self, by: str, filters: Filters, *, order: str = "-amount") -> Iterator[BreakdownRow]:
        """Yield every group, uncapped."""
        whole = self.breakdown(by, filters, order=order, limit=0).total_amount
        for row in self._groups(by, self._settled(filters, by), _order(by, order)):
            yield self._row(row, whole)

    def stages(
        self, by: str, filters: Filters, *, order: str = "-amount", limit: int = 50, offset: int = 0
    ) -> list[StageRow]:
        """Return groups with their amount at every stage side by side, the largest (at any stage) first; never added together. Of the budget's report unless the filters name a book."""
        found: dict[str, StageRow] = {}
        filters = filters if filters.book else replace(filters, book="budget")
        table, where, values = self._asked(by, filters, also={"stage"})
        label = self._label(by)
        rows = self._of(
            by,
            table,
            f"""
            select coalesce({_KEY}, ''), coalesce({label}, {_KEY}, ''), g.stage, g.amount, g.lines from (
              select "{COLUMNS[by]}" as key, stage, {_SUMS} from {table} where {where} group by 1, 2) g {self._label_join(by)}
            """,
            values,
            filters,
        )
        for key, text, stage, amount, lines in rows:
            row = found.setdefault(key, StageRow(key, text, {}, 0))
            row.amounts[stage] = amount
            found[key] = StageRow(key, text, row.amounts, row.lines + lines)
        if order in ("key", "-key", "label", "-label"):
            attribute = order.lstrip("-")
            ordered = sorted(
                found.values(), key=lambda r: getattr(r, attribute), reverse=order.startswith("-")
            )
        else:
            ordered = sorted(found.values(), key=lambda r: (-max(map(abs, r.amounts.values())), r.key))
        return ordered[offset : offset + limit] if limit else ordered

    def total(self, filters: Filters) -> tuple[int, int]:
        """Return (amount, lines) of what `filters` means. ValueError without exactly one stage."""
        filters = self._settled(filters, "class")
        table, where, values = self._asked("class", filters)
        row = self._of("class", table, f"select {_SUMS} from {table} where {where}", values, filters)[0]
        return int(row[0] or 0), int(row[1] or 0)

    def class_methods(self, filters: Filters) -> list[tuple[str, int, int, float | None]]:
        """Return (method, amount, lines, share) of how the classes came about, the largest first."""
        filters = self._settled(filters, "class")
        table, where, values = self._asked("class", filters, also={"class_method"})
        rows = self._of(
            "class",
            table,
            f"select class_method, {_SUMS} from {table} where {where} group by 1 order by 2 desc, 1",
            values,
            filters,
        )
        whole = sum(row[1] for row in rows)
        return [(method, amount, lines, self._share(amount, whole)) for method, amount, lines in rows]

    # Lines

    def lines(
        self,
        filters: Filters,
        *,
        order: str = "-amount",
        limit: int = 50,
        offset: int = 0,
        listed: bool = False,
    ) -> list[dict[str, Any]]:
        """Return lines as dictionaries of the release's columns; `listed`: of those that a list shows. ValueError without exactly one stage."""
        filters = self._settled(filters, "class")
        count = self.total(filters)[1] if "amount" in order else 0
        place = (filters.flow, filters.book, filters.stage)
        of = sum(c.lines for c in self._coverage if (c.flow, c.book, c.stage) == place)
        return lines_of.page(
            self._store, filters, order=order, limit=limit, offset=offset, count=count, of=of, listed=listed
        )

    def iter_lines(self, filters: Filters, *, order: str = "-amount") -> Iterator[dict[str, Any]]:
        """Yield every line, uncapped, in bounded memory."""
        yield from lines_of.every(self._store, self._settled(filters, "class"), order=order)

    def lines_at(self, positions: list[int]) -> list[dict[str, Any]]:
        """Return the lines at values of `n`, the index's own numbering, in the order given: for the reader's own modules."""
        return lines_of.read(self._store, positions)

    def line(self, line_id: str) -> dict[str, Any] | None:
        """Return one line, None where there is none such."""
        return next((one for one in lines_of.of_row(self._store, line_id) if one["line_id"] == line_id), None)

    def tombstone(self, line_id: str) -> dict[str, Any] | None:
        """Return what became of a line that left (columns of the table `tombstone`), None where none is known."""
        found = self._dicts("select * from tombstone where line_id = ?", [line_id])
        return found[0] if found else None

    def earlier(self, line_id: str) -> list[dict[str, Any]]:
        """Return the lines that this one continues, the latest first: columns of the table `tombstone`."""
        found = self._dicts("select * from tombstone where continued_by = ?", [line_id])
        return sorted(found, key=lambda one: (one["left_at"], one["line_id"]), reverse=True)

    def siblings(self, line: dict[str, Any]) -> list[dict[str, Any]]:
        """Return all lines of the same row of the same file (one per stage), in the order of stages."""
        return [one for one in lines_of.of_row(self._store, line["line_id"]) if one["batch"] == line["batch"]]

    def contracts(
        self, *, supplier: str | None = None, contract_no: str | None = None, limit: int = 50
    ) -> list[dict[str, Any]]:
        """Return contracts of a supplier, or of a number, the largest first."""
        conditions, values = ["true"], []
        for column, value in (("supplier", supplier), ("contract_no", contract_no)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        where = " and ".join(conditions)
        return self._dicts(f"select * from contract where {where} limit {int(limit)}", values)

    # Suppliers and search

    def supplier(self, key: str) -> Supplier | None:
        """Return a supplier, None where there is none such."""
        rows = self._store.of(
            "supplier",
            "select supplier, coalesce(name, ''), coalesce(supplier_id, ''), supplier_id_kind, supplier_is_person, lines from supplier where supplier = ?",
            [key],
        )
        # SQLite has no truth values, but numbers.
        for key, name, number, kind, person, lines in rows:
            return Supplier(key, name, number, kind, bool(person), lines)
        return None

    def search(self, q: str, *, kind: str = "line", limit: int = 30, offset: int = 0) -> Found:
        """Return a page of hits and how many there are in all, however ی, ک, digits and spaces are typed.

        Every word must be there, from its beginning. `kind` is line or supplier.
        """
        of_kind = searches.suppliers if kind == "supplier" else searches.lines
        return of_kind(self._store, q, limit=limit, offset=offset)

    # How it was made

    def batches(self) -> list[dict[str, Any]]:
        """Return control totals: one dictionary per batch and amount column."""
        return self._dicts("select * from batch")

    def problems(
        self, *, batch: str | None = None, limit: int = 200, offset: int = 0
    ) -> tuple[list[dict[str, Any]], int]:
        """Return a page of what was quarantined and why, and how many problems there are."""
        where, values = ("batch = ?", [batch]) if batch else ("true", [])
        count = self._all(f"select count(*) from problem where {where}", values)[0][0]
        rows = self._dicts(
            f"select * from problem where {where} limit {int(limit)} offset {int(offset)}",
            values,
        )
        return rows, int(count)

    def problem_counts(self) -> list[tuple[str, int]]:
        """Return (code, how many) of the problems, the most frequent first."""
        rows = self._all("select code, count(*) from problem group by 1 order by 2 desc, 1")
        return [(code, int(count)) for code, count in rows]

    def files(self) -> list[dict[str, Any]]:
        """Return the release's files with sizes and hashes, the manifest included."""
        manifest = self.path / "manifest.json"
        own = {"path": "manifest.json", "bytes": manifest.stat().st_size, "sha256": self.hash}
        # A manifest from elsewhere may name anything: only what lies in the release is its file.
        return [own, *(one for one in self.manifest["files"] if within(str(one["path"])))]

    def labels(self, by: str, keys: Sequence[str]) -> dict[str, str]:
        """Return key → label of a page's keys, of those that have one."""
        if by not in KEYED or not keys:
            return {}
        marks = ", ".join("?" * len(keys))
        if by == "supplier":
            query = f"select supplier, name from supplier where supplier in ({marks})"
            return dict(self._store.of("supplier", query, list(keys)))
        return dict(
            self._store.light(f"select key, label from {by}_label where key in ({marks})", list(keys))
        )

    def settled(self, filters: Filters) -> Filters:
        """Return the filters with the book that answers. ValueError without exactly one stage."""
        return self._settled(filters, "class")

    def rows(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the serving index: for the reader's own modules; values are always parameters."""
        return self._all(query, values)

    def table(self, columns: set[str]) -> str:
        """Return the smallest table of the index that has these columns, `amount` and `lines`: a cube, or the lines themselves."""
        return self._store.smallest(columns)

    def asked(self, filters: Filters, also: set[str], *, light: bool = True) -> tuple[str, str, list[Any]]:
        """Return the smallest table that has the columns of filters and those `also` named, and the condition with its parameters; see `Store.asked`."""
        return self._store.asked(filters, also, light=light)

    def where(self, filters: Filters) -> tuple[str, list[Any]]:
        """Return the condition that filters are over lines, and its parameters."""
        return self._store.where(filters)

    def from_table(
        self, table: str, query: str, values: list[Any] | None = None, *, one_year: bool = False
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a query over what `table` named; see `Store.of` for how it is written."""
        return self._store.of(table, query, values, one_year=one_year)

    # Inside

    def _of(
        self, by: str, table: str, query: str, values: list[Any] | None = None, filters: Filters | None = None
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a query over `table` and the labels of `by`. Of suppliers there are many: their labels lie in DuckDB alone."""
        if by == "supplier":
            return self._all(query, values)
        return self._store.of(table, query, values, one_year=filters is not None and filters.year is not None)

    def _settled(self, filters: Filters, by: str) -> Filters:
        """Return the filters with their book. ValueError where stages would be added together."""
        if by not in DIMENSIONS:
            raise ValueError(f"no dimension {by!r}")
        if filters.stage is None and by != "stage":
            raise ValueError("stages are never added together: say which stage")
        if filters.book is not None:
            return filters
        book = (
            "budget"
            if filters.stage is None
            else self.book(filters.stage, year=filters.year, flow=filters.flow)
        )
        return replace(filters, book=book)

    def _asked(self, by: str, filters: Filters, also: set[str] | None = None) -> tuple[str, str, list[Any]]:
        """Return the smallest table that can answer (a cube, or the lines themselves), and the condition over it with its parameters."""
        needed = {COLUMNS[by], "flow"} | (also or set())
        return self._store.asked(filters, needed, supplier=filters.supplier is not None)

    def _groups(
        self, by: str, filters: Filters, order: str, *, limit: int | None = None, offset: int = 0
    ) -> list[tuple[Any, ...]]:
        """Return (key, label, amount, lines) of each group, and with each how many groups, what amount and how many lines there are in all."""
        table, where, values = self._asked(by, filters)
        page = "" if limit is None else f"limit {int(limit)} offset {int(offset)}"
        groups = f"""
            select coalesce(cast(s.own as varchar), '') as key, amount, lines, count(*) over () as groups,
                   cast(sum(amount) over () as bigint) as whole, cast(sum(lines) over () as bigint) as whole_lines
            from (select "{COLUMNS[by]}" as own, {_SUMS} from {table} where {where} group by 1) s"""
        if by in KEYED and (limit is None or "label" in order):
            return self._of(
                by,
                table,
                f"""
                select g.key as key, coalesce({self._label(by)}, g.key) as label, amount, lines, groups, whole, whole_lines
                from ({groups}) g {self._label_join(by)} order by {order} {page}
                """,
                values,
                filters,
            )
        # To plan the join with the labels takes DuckDB longer than to sum the groups: those of a page are looked up by themselves.
        rows = self._of(
            by, table, f"{groups} order by {order.replace('label', 'key')} {page}", values, filters
        )
        labels = self.labels(by, [row[0] for row in rows])
        return [(row[0], labels.get(row[0]) or row[0], *row[1:]) for row in rows]

    @staticmethod
    def _label(by: str) -> str:
        return "nullif(l.label, '')" if by in KEYED else "null"

    @staticmethod
    def _label_join(by: str) -> str:
        return f"left join {by}_label l on l.key = g.key" if by in KEYED else ""

    def _row(self, row: tuple[Any, ...], whole: int | None) -> BreakdownRow:
        key, label, amount, lines, *_ = row
        return BreakdownRow(key, label, amount, lines, self._share(amount, whole))

    @staticmethod
    def _share(amount: int, whole: int | None) -> float | None:
        return amount / whole if whole else None


def _order(by: str, order: str) -> str:
    """SQL of an order of groups; the key of a stage is its place in the money's life."""
    wanted = _BREAKDOWN_ORDERS[order]
    places = " ".join(f"when '{stage}' then {place}" for place, stage in enumerate(STAGES))
    return wanted.replace("key", f"case key {places} end") if by == "stage" else wanted


def class_order(keys: list[str]) -> list[str]:
    """Return classes in the taxonomy's order."""
    return sorted(keys, key=lambda key: CLASSES.index(key) if key in CLASSES else len(CLASSES))
