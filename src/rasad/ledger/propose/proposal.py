"""A mapping put together from what several files of one source show, and what about it is doubtful."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from glob import escape
from os.path import commonprefix
from pathlib import Path
from typing import Any

from rasad.ledger.mapping import Mapping, parse_mapping
from rasad.ledger.phrases import _n
from rasad.ledger.problems import FileError, Problem
from rasad.ledger.propose import days, headers, values
from rasad.ledger.propose.columns import Assigned, assign
from rasad.ledger.propose.doubts import Doubt
from rasad.ledger.propose.tables import Table, look
from rasad.ledger.propose.trees import find_trees
from rasad.ledger.read import unseen
from rasad.ledger.schema import TABLES
from rasad.persian.digits import to_latin

CURRENCIES = {"fa": "IRR", "es": "EUR", "en": "GBP"}
MINOR = {"IRR": 0}
STAGES = ("initial", "modification", "final", "authorised", "allocated", "committed", "recognised", "paid")
SURE = 0.7

Progress = Callable[[str, int, int], None]


@dataclass
class Proposal:
    """The proposed mapping as its TOML has it, the doubts, and the tables it was read from."""

    data: dict[str, Any]
    doubts: list[Doubt]
    tables: list[Table]

    @property
    def mapping(self) -> Mapping:
        """Return the mapping, checked like any other."""
        return parse_mapping(self.data, "proposal")


def propose(
    paths: Sequence[Path], *, id_: str, currency: str | None = None, progress: Progress | None = None
) -> Proposal:
    """Return a first mapping for files of one source. FileError where one cannot be read or has no column of amounts."""
    tables: list[Table] = []
    for number, path in enumerate(paths):
        if progress:
            progress(path.name, number, len(paths))
        tables += look(path)
    return propose_for(tables, id_=id_, currency=currency)


def propose_for(tables: Sequence[Table], *, id_: str, currency: str | None = None) -> Proposal:
    """Return a first mapping for tables that were looked at. FileError where none has a column of amounts."""
    found = [(table, assign(table)) for table in tables]
    usable = [(table, places) for table, places in found if places.amounts]
    if not usable:
        seen = " | ".join(text for table in tables for text in table.first if text)[:300]
        names = dict.fromkeys(table.facts.name for table in tables)
        raise FileError(Problem("no_amounts", file=", ".join(names), found=seen))
    return _Draft(usable, [table for table, places in found if not places.amounts], id_, currency).proposal()


class _Draft:
    """One mapping in the making."""

    def __init__(
        self, found: list[tuple[Table, Assigned]], useless: list[Table], id_: str, currency: str | None
    ) -> None:
        self.found, self.useless, self.id = found, useless, id_
        self.tables = [table for table, _ in found]
        self.doubts: list[Doubt] = []
        self.language = headers.language([text for table in self.tables for text in table.header])
        self.stated_currency = currency
        self.headed = all(table.header for table in self.tables)
        self.calendar = "jalali"

    def doubt(self, key: str, message: str, **said: str) -> None:
        self.doubts.append(Doubt(key, message, said))

    def proposal(self) -> Proposal:
        contract = self._is_contract()
        columns = self._columns(contract)
        data: dict[str, Any] = {"id": self.id, "version": 1}
        if contract:
            data["table"] = "contract"
        data["file"] = self._file()
        for table in self.tables:
            for message, said in unseen.doubts([table.unseen] if table.unseen else [], table.facts.name):
                self.doubt("file", message, **said)
        data["columns"] = columns
        data["amounts"] = self._amounts(contract)
        data["numbers"] = self._numbers()
        data["dates"] = self._dates()
        self.calendar = data["dates"].get("calendar", "jalali")
        data["fiscal_year"] = self._fiscal_year()
        if not contract:
            data["constants"] = {"flow": self._flow()}
            self._trees(data)
            self._title(data)
        return Proposal(
            {key: value for key, value in data.items() if value != {} or key == "columns"},
            self.doubts,
            self.tables,
        )

    # --- columns

    def _place(self, table: Table, place: int) -> dict[str, Any]:
        header = table.header[place] if place < len(table.header) else ""
        return {"names": [header]} if header else {"position": place + 1}

    def _rule(self, name: str, of: Callable[[Assigned], int | None]) -> dict[str, Any] | None:
        """Return where a column stands in the tables: all the names it has; optional where a table lacks it."""
        spots = [(table, of(places)) for table, places in self.found]
        there = [(table, place) for table, place in spots if place is not None]
        if not there:
            return None
        rules = [self._place(table, place) for table, place in there]
        names = list(dict.fromkeys(text for rule in rules for text in rule.get("names", [])))
        rule: dict[str, Any] = {"names": names} if names else {"position": rules[0]["position"]}
        if len(there) < len(spots):
            rule["optional"] = True
            lacking = next(table.name for table, place in spots if place is None)
            self.doubt(name, _n("not in every file: %(file)s has no such column"), file=lacking)
        return rule

    def _columns(self, contract: bool) -> dict[str, Any]:
        table = TABLES["contract" if contract else "line"]
        columns: dict[str, Any] = {}
        for target in table.names:
            rule = self._rule(f"columns.{target}", lambda places, target=target: places.columns.get(target))  # type: ignore[misc]
            if rule is None:
                continue
            columns[target] = rule
            sure = min(places.sure[target] for _, places in self.found if target in places.columns)
            if sure < SURE:
                self.doubt(f"columns.{target}", _n("the header says little; chosen by its words or values"))
        return columns

    def _is_contract(self) -> bool:
        """Whether the tables list contracts: what they agree on, not what was paid."""

        def is_one(places: Assigned) -> bool:
            agreed = {"start", "end", "method"} & set(places.columns)
            return "contract" in places.amounts or ("contract_no" in places.columns and len(agreed) > 1)

        return all(is_one(places) for _, places in self.found)

    # --- amounts

    def _amounts(self, contract: bool) -> list[dict[str, Any]]:
        def rule(name: str) -> dict[str, Any] | None:
            return self._rule(f"amounts.{name}", lambda places: places.amounts.get(name))

        named = {name for _, places in self.found for name in places.amounts}
        if contract:
            # What one file calls the contract's amount is plainly "amount" in another.
            def agreed(places: Assigned) -> int | None:
                return next(
                    (
                        places.amounts[name]
                        for name in ("contract", "paid", *STAGES)
                        if name in places.amounts
                    ),
                    None,
                )

            return [self._rule("amounts.contract", agreed) or {}]
        if {"debit", "credit"} & named:
            return self._two_sides(named, rule)
        amounts = []
        for stage in STAGES:
            place = rule(stage)
            if place is not None:
                amounts.append({"stage": stage, **place})
                sure = min(places.sure[stage] for _, places in self.found if stage in places.amounts)
                if sure < SURE:
                    self.doubt(
                        f"amounts.{stage}",
                        _n("taken for this stage by its words or values; name the stage it states"),
                    )
        if "contract" in named and not amounts:
            amounts.append({"stage": "committed", **(rule("contract") or {})})
        if len(amounts) == 1 and amounts[0]["stage"] == "paid" and "date" not in self._everywhere():
            self.doubt("amounts.paid", _n("taken for payments; a budget would be initial or final"))
        return amounts

    def _two_sides(
        self, named: set[str], rule: Callable[[str], dict[str, Any] | None]
    ) -> list[dict[str, Any]]:
        first, second = ("debit", "credit") if "debit" in named else ("credit", "debit")
        amount = {"stage": "paid", **(rule(first) or {})}
        if second in named:
            amount["minus"] = rule(second)
        self.doubt(
            "amounts.paid", _n("debit less credit is taken for spending; turn the two round where credit is")
        )
        return [amount]

    def _everywhere(self) -> set[str]:
        return set.intersection(*(set(places.columns) for _, places in self.found))

    # --- how values are written

    def _texts(self, of: Callable[[Assigned], Sequence[int]]) -> list[str]:
        return [text for table, places in self.found for place in of(places) for text in table.columns[place]]

    def _numbers(self) -> dict[str, Any]:
        seen = values.Figures()
        for table, places in self.found:
            for place in places.amounts.values():
                seen.add(values.figures(table.columns[place], slashes=True))
        currency = self._currency(seen)
        numbers: dict[str, Any] = {"currency": currency}
        if MINOR.get(currency, 2):
            numbers["minor_digits"] = MINOR.get(currency, 2)
        decimal = "," if seen.decimals[","] > seen.decimals["."] else "."
        if seen.groups["."] > seen.groups[","]:
            decimal = ","
        only_three = {mark for mark in ".," if seen.three[mark]}
        if only_three and not seen.decimals and not (seen.groups["."] or seen.groups[","]):
            # 12.345 and nothing else of its kind: a group in Spanish, three decimals nowhere in money.
            decimal = "," if "." in only_three else "."
            self.doubt("numbers.decimal", _n("figures such as 12.345 are read as thousands"))
        slash = seen.slash
        if slash == "decimal":
            decimal = "/"
            self.doubt("numbers.decimal", _n("figures such as 12/5 are read with the slash before decimals"))
        elif slash == "thousands":
            self.doubt(
                "numbers.decimal", _n("figures such as 1/250/000 are read with the slash between thousands")
            )
        elif slash == "either":
            self.doubt(
                "numbers.decimal", _n("a slash may part thousands or stand before decimals; say which it is")
            )
        if seen.decimals[","] and seen.decimals["."]:
            self.doubt("numbers.decimal", _n("both 1.5 and 1,5 occur; the more frequent is taken"))
        thousands = [
            mark
            for mark in (".", ",", " ", "'")
            if mark != decimal and (seen.groups[mark] or seen.three[mark])
        ] + ["/"] * (slash == "thousands")
        if decimal != "." or thousands:
            numbers["decimal"], numbers["thousands"] = decimal, thousands
        if set(seen.negative) - {"leading"}:
            numbers["negative"] = [
                way
                for way in ("leading", "trailing", "parentheses")
                if seen.negative[way] or way == "leading"
            ]
        if seen.marks:
            numbers["marks"] = sorted(seen.marks, key=lambda mark: (-seen.marks[mark], mark))[:5]
        if seen.empty:
            numbers["empty"] = sorted(seen.empty)
        scale = headers.scale(
            [text for table in self.tables for text in (*table.titles, *self._amount_headers(table))]
        )
        if currency == "IRR":
            numbers["scale"] = scale or "rial"
            if scale is None:
                self.doubt("numbers.scale", _n("no unit is stated: rial, toman or million_rial?"))
        elif scale in ("thousand", "million"):
            numbers["scale"] = scale
        if seen.places > MINOR.get(currency, 2):
            self.doubt(
                "numbers.minor_digits", _n("some figures have %(count)s decimals"), count=str(seen.places)
            )
        return numbers

    def _amount_headers(self, table: Table) -> list[str]:
        places = next(places for one, places in self.found if one is table)
        return [table.header[place] for place in places.amounts.values() if place < len(table.header)]

    def _currency(self, seen: values.Figures) -> str:
        if self.stated_currency:
            return self.stated_currency
        marks = " ".join(seen.marks) + " ".join(
            text for table in self.tables for text in self._amount_headers(table)
        )
        for mark, code in (("£", "GBP"), ("€", "EUR"), ("ریال", "IRR"), ("تومان", "IRR"), ("$", "USD")):
            if mark in marks:
                return code
        if self._share_persian() > 0.3:
            return "IRR"
        ids = self._texts(
            lambda places: [places.columns[name] for name in ("supplier_id_raw",) if name in places.columns]
        )
        if values.share(ids[:2000], lambda text: values.id_kind(text) == "nif") > 0.3:
            return "EUR"
        if self.language != "fa":
            self.doubt("numbers.currency", _n("no currency is stated; this is the language's likeliest"))
        return CURRENCIES[self.language]

    def _share_persian(self) -> float:
        """Return how many of the letters in the cells are Persian: headers may be in another language."""
        letters = [
            char
            for table in self.tables
            for texts in table.columns
            for text in texts[:200]
            for char in text
            if char.isalpha()
        ]
        return sum("\u0600" <= char <= "\u06ff" for char in letters) / max(1, len(letters))

    def _dates(self) -> dict[str, Any]:
        rule, doubts = days.rule_of(self.found, persian=self.language == "fa" or self._share_persian() > 0.3)
        self.doubts += doubts
        return rule

    # --- years

    def _fiscal_year(self) -> dict[str, Any]:
        year = self._rule("fiscal_year", lambda places: places.year)
        if year is not None and not year.get("optional"):
            return {"from": "column", **year}
        self.doubts = [doubt for doubt in self.doubts if doubt.key != "fiscal_year"]
        in_path = self._year_in_path()
        dated = "date" in self._everywhere()
        if in_path and not dated:
            return {"from": "path", "pattern": in_path}
        if dated:
            rule: dict[str, Any] = {"from": "date"}
            if in_path:
                self.doubt(
                    "fiscal_year", _n("the files' names state a year too: from = path would take that one")
                )
            if self.calendar == "gregorian":
                self.doubt("fiscal_year", _n("taken to begin in January; say first_month where it does not"))
            return rule
        self.doubt("fiscal_year", _n("no year is stated: name it with --param fiscal_year=…"))
        return {"from": "parameter"}

    def _year_in_path(self) -> str | None:
        """Return a pattern for the year in the files' names or their folders', None where there is none in each."""
        year = r"(1[34][0-9]{2}|20[0-4][0-9])"
        names = [to_latin(table.path.name) for table in self.tables]
        found = [re.search(rf"(?<![0-9]){year}(?![0-9])", name) for name in names]
        if all(found):
            before = commonprefix(  # noqa: RUF071 - names, no paths
                [name[: match.start()] for name, match in zip(names, found, strict=True) if match]
            )
            return re.escape(before).replace(r"\-", "-") + r"(\d{4})" if before else r"(\d{4})[^/]*$"
        folders = [to_latin(table.path.absolute().parent.name) for table in self.tables]
        return r"(\d{4})/[^/]*$" if all(re.fullmatch(year, folder) for folder in folders) else None

    # --- the rest

    def _file(self) -> dict[str, Any]:
        rule: dict[str, Any] = {}
        if not self.headed:
            rule["header"] = False
            self.doubt("file.header", _n("no header was recognised; columns are named by their position"))
        sheets = [table for table in self.tables if table.sheet]
        if sheets:
            left = [table for table in self.useless if table.sheet]
            several = len({table.sheet for table in sheets}) > 1
            if left and {table.member for table in sheets}.isdisjoint(
                {""} | {table.member for table in left}
            ):
                rule["members"] = _members(sheets, left)
                self.doubt("file.members", _n("only these files have a column of amounts"))
                return rule
            if several and not left:
                rule["sheets"] = "all"
            elif several or left:
                rule["sheets"] = list(dict.fromkeys(table.sheet for table in sheets))
                self.doubt("file.sheets", _n("only these sheets have a column of amounts"))
        return rule

    def _flow(self) -> str:
        said = [
            text
            for table in self.tables
            for text in (
                table.facts.name.replace("_", " "),
                table.sheet,
                *table.titles,
                *self._amount_headers(table),
            )
        ]
        if headers.says_revenue(said):
            self.doubt("constants.flow", _n("a name or a header speaks of revenue"))
            return "revenue"
        return "expense"

    def _trees(self, data: dict[str, Any]) -> None:
        """Try the codes as a budget tree, where the table is no list of payments."""
        columns = data["columns"]
        if "economic_code" not in columns or "date" in columns or not self.headed:
            return
        trial = {**data, "columns": {**columns, "tree_code": columns["economic_code"]}}
        rules = find_trees(self.tables[0], trial)
        if rules:
            columns["tree_code"] = columns["economic_code"]
            data["trees"] = rules
            self.doubt("trees", _n("codes hold one another and sums agree; only the leaves are counted"))

    def _title(self, data: dict[str, Any]) -> None:
        """Let another description stand in where no column is the title; a row of a budget is called by what it is for."""
        columns = data["columns"]
        if "title" not in columns:
            other = next(
                (name for name in ("economic", "programme", "unit", "supplier_name") if name in columns), None
            )
            if other:
                columns["title"] = dict(columns[other])
                self.doubt("columns.title", _n("no column describes the row; another stands in"))
        elif data.get("trees") and "economic" not in columns:
            columns["economic"] = dict(columns["title"])


def _members(meant: list[Table], left: list[Table]) -> list[str]:
    """Return which files of an archive are meant: by what their names end in, where that tells them from the others, as next year's do too."""
    ends = [{Path(table.member).suffix for table in tables} for tables in (meant, left)]
    if ends[0].isdisjoint(ends[1]):
        return sorted(f"*{end}" for end in ends[0])
    return list(dict.fromkeys(escape(table.member) for table in meant))
