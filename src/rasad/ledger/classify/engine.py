"""Classes for lines: every distinct code and text is judged once, then joined to the lines.

The surest evidence decides; on a tie the official code, then the description, the economic item's name, the
supplier's name and the functional programme. A line with no evidence stays `unknown`.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import polars as pl

from rasad.ledger.classify.fold import folded, padded
from rasad.ledger.classify.rules import Code, Field, Rulebook, rulebook
from rasad.ledger.classify.wording import best_rules, find, modes
from rasad.ledger.texts import distinct, distinct_rows

SUGGESTION = {
    "line_no": pl.Int64,
    "class": pl.String,
    "mode": pl.String,
    "method": pl.String,
    "rule": pl.String,
    "version": pl.String,
    "confidence": pl.Float64,
}
TEXTS: tuple[tuple[str, Field], ...] = (
    ("title", "title"),
    ("economic", "economic"),
    ("supplier_name", "supplier"),
)
INPUTS = ("economic_code", "programme_code", "unit_code", "title", "economic", "supplier_name", "nature")
KEYED = {"title": "title_key"}
"""Texts whose search key the lines may bear already."""
REMEMBERED = 1_000_000
"""Texts of one column that are kept in mind from file to file, about 200 MB of them."""
_ORDER = ("o_code", "o_title", "o_economic", "o_supplier", "o_programme")
_MODES = ("title_mode", "economic_mode", "code_mode")
"""What decides, the first of equals before the others."""
UNIT_PREFIX = 3
"""A unit's code of at least so many signs also stands for the units below it (501 for 501102)."""


@dataclass(frozen=True)
class Scope:
    """What a city says of itself: its official code `scheme`, and the programmes and units of its IT organisation."""

    scheme: str | None = None
    it_programmes: tuple[str, ...] = ()
    it_units: tuple[str, ...] = ()
    languages: tuple[str, ...] = field(default=())


def version(scope: Scope) -> str:
    """Return the version that suggestions under `scope` carry: taxonomy version and digest of rules and scope."""
    book = rulebook()
    own = json.dumps([scope.scheme, scope.it_programmes, scope.it_units], ensure_ascii=False)
    return f"{book.version}-{hashlib.sha256((book.digest + own).encode()).hexdigest()[:8]}"


class _Outcomes:
    """The possible verdicts, numbered; 0 is no evidence."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str | None, str, str | None, float]] = [
            ("unknown", None, "none", None, 0.0)
        ]

    def add(self, cls: str, mode: str | None, method: str, rule: str, confidence: float) -> int:
        self.rows.append((cls, mode, method, rule, confidence))
        return len(self.rows) - 1

    def column(self, index: int, dtype: type[pl.DataType]) -> pl.Series:
        return pl.Series([row[index] for row in self.rows], dtype=dtype)


def _distinct(lines: pl.DataFrame, column: str) -> list[str]:
    return lines[column].drop_nulls().unique().to_list()


def _table(column: str, name: str, pairs: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema={column: pl.String, name: pl.UInt32}, orient="row")


def in_scope(scope: Scope) -> pl.Expr:
    """Return whether a line (programme_code, unit_code) is of a programme or unit of the IT organisation."""
    inside = pl.lit(False)
    if scope.it_programmes:
        inside = inside | pl.col("programme_code").is_in(list(scope.it_programmes)).fill_null(False)
    for unit in scope.it_units:
        code = pl.col("unit_code")
        below = code.str.starts_with(unit) if len(unit) >= UNIT_PREFIX else code == unit
        inside = inside | below.fill_null(False)
    return inside


def _codes(
    lines: pl.DataFrame, book: Rulebook, scope: Scope, out: _Outcomes, numbers: dict[str, int]
) -> pl.DataFrame:
    """Add the numbers of what code and programme say, and the mode that the code suggests. `numbers`: those that rules have already."""
    scheme = book.schemes.get(scope.scheme or "")
    empty = pl.lit(0, pl.UInt32)
    if scheme is None:
        return lines.with_columns(
            empty.alias("o_code"), empty.alias("o_programme"), pl.lit(None, pl.String).alias("code_mode")
        )

    def number(kind: str, code: Code | None, *, inside: bool) -> int:
        if code is None:
            return 0
        use_it = inside and code.it_cls is not None
        cls, mode, confidence = (
            (code.it_cls, code.it_mode, code.it_confidence)
            if use_it
            else (code.cls, code.mode, code.confidence)
        )
        if cls is None:
            return 0
        rule = f"{scheme.id}:{kind}{code.prefix}{'@it' if use_it else ''}"
        if rule not in numbers:
            numbers[rule] = out.add(cls, mode, "code", rule, confidence)
        return numbers[rule]

    codes = _distinct(lines, "economic_code")
    economic = pl.DataFrame(
        [
            (code, inside, number("", scheme.code(code), inside=inside), scheme.mode(code))
            for code in codes
            for inside in (False, True)
        ],
        schema={
            "economic_code": pl.String,
            "inside": pl.Boolean,
            "o_code": pl.UInt32,
            "code_mode": pl.String,
        },
        orient="row",
    )
    programmes = _table(
        "programme_code",
        "o_programme",
        [
            (code, number("programme ", scheme.programme(code), inside=False))
            for code in _distinct(lines, "programme_code")
        ],
    )
    return (
        lines.with_columns(in_scope(scope).alias("inside"))
        .join(economic, on=["economic_code", "inside"], how="left", maintain_order="left")
        .join(programmes, on="programme_code", how="left", maintain_order="left")
        .with_columns(pl.col("o_code", "o_programme").fill_null(0))
    )


def classify(lines: pl.LazyFrame | pl.DataFrame, scope: Scope | None = None) -> pl.DataFrame:
    """Return one suggestion per line, in the lines' order: columns of SUGGESTION. See `Classifier`."""
    return Classifier(scope or Scope())(lines)


class Classifier:
    """Gives lines their classes; asked again, it remembers the texts that it has judged. For one thread."""

    def __init__(self, scope: Scope) -> None:
        self._scope, self._book, self._out = scope, rulebook(), _Outcomes()
        self._codes: dict[str, int] = {}
        self._numbers = [
            self._out.add(rule.cls, rule.mode, "rule", rule.id, rule.confidence) for rule in self._book.rules
        ]
        self._known = {column: self._told(pl.Series("folded", [], pl.String), name) for column, name in TEXTS}

    def __call__(self, lines: pl.LazyFrame | pl.DataFrame) -> pl.DataFrame:
        """Return one suggestion per line, in the lines' order: columns of SUGGESTION.

        `lines` has `line_no` and any of INPUTS and KEYED. Nothing is read from a source's own `label`.
        """
        frame = lines.lazy()
        there = frame.collect_schema().names()
        wanted = frame.select(
            pl.col("line_no").cast(pl.Int64),
            *(
                (pl.col(name) if name in there else pl.lit(None)).cast(pl.String).alias(name)
                for name in (*INPUTS, *KEYED.values())
            ),
        ).collect()
        told = [self._of_text(wanted, column) for column, _ in TEXTS]
        judged = pl.concat(
            [_codes(wanted, self._book, self._scope, self._out, self._codes), *told], how="horizontal"
        )
        # Few of what codes and texts say together is said by one line alone.
        said, places = distinct_rows(judged.select(*_ORDER, *_MODES, "nature"))
        return self._verdicts(said)[places].select(wanted["line_no"], pl.all())

    def _of_text(self, lines: pl.DataFrame, column: str) -> pl.DataFrame:
        """Return what the texts of a column say: the numbers of the outcomes (o_…), and the modes they tell (…_mode)."""
        if column in KEYED and lines[KEYED[column]].null_count() == lines[column].null_count():
            found = distinct(lines[KEYED[column]])
            texts = pl.select(padded(pl.lit(found.texts).fill_null(""))).to_series()
        else:
            found = distinct(lines[column])
            texts = folded(found.texts)
        told = self._remembered(column, texts.alias("folded"))
        return told if found.places is None else told[found.places]

    def _remembered(self, column: str, texts: pl.Series) -> pl.DataFrame:
        """Return what `_told` does without the texts; those that were met before are not judged again."""
        name = dict(TEXTS)[column]
        if self._known[column].height > REMEMBERED:
            self._known[column] = self._known[column].clear()
        told = texts.to_frame().join(self._known[column], on="folded", how="left", maintain_order="left")
        unknown = told[f"o_{name}"].is_null()
        if unknown.any():
            # In the column as it stands a text may be there twice.
            new = self._told(texts.filter(unknown).unique(maintain_order=True), name)
            self._known[column] = pl.concat([self._known[column], new])
            told = (
                new
                if new.height == told.height
                else texts.to_frame().join(
                    self._known[column], on="folded", how="left", maintain_order="left"
                )
            )
        return told.drop("folded")

    def _told(self, folded_: pl.Series, name: Field) -> pl.DataFrame:
        """Return folded, o_<name> and (of a title or an economic item) <name>_mode, one row for each text."""
        texts = folded_.alias("folded").to_frame().with_row_index("id")
        rules = pl.DataFrame(
            {"rule": range(len(self._numbers)), "number": self._numbers},
            schema={"rule": pl.UInt32, "number": pl.UInt32},
        )
        tells_mode = name != "supplier"
        hits = find(texts, self._book, name, modes=tells_mode)
        best = best_rules(hits, self._book.rules, name).join(rules, on="rule")
        told = texts.join(
            best.select("id", pl.col("number").alias(f"o_{name}")), on="id", how="left", maintain_order="left"
        )
        if tells_mode:
            of_mode = modes(hits, self._book).rename({"mode": f"{name}_mode"})
            told = told.join(of_mode, on="id", how="left", maintain_order="left")
        return told.drop("id").with_columns(pl.col(f"o_{name}").fill_null(0))

    def _verdicts(self, said: pl.DataFrame) -> pl.DataFrame:
        """Return the columns of SUGGESTION but `line_no` for each row of outcomes, modes and nature."""
        confidence = self._out.column(4, pl.Float64)
        sure = [pl.lit(confidence).gather(pl.col(name)) for name in _ORDER]
        best = pl.max_horizontal(sure)
        chosen = pl.lit(0, pl.UInt32)
        for name, value in zip(reversed(_ORDER), reversed(sure), strict=True):
            chosen = pl.when(value == best).then(pl.col(name)).otherwise(chosen)
        told_mode = pl.coalesce(*_MODES, _nature_mode())
        picked = said.select(chosen.alias("chosen"), told_mode.alias("told_mode"))

        def of(index: int, dtype: type[pl.DataType]) -> pl.Expr:
            return pl.lit(self._out.column(index, dtype)).gather(pl.col("chosen"))

        mode = pl.coalesce(of(1, pl.String), pl.col("told_mode"), pl.lit("unknown"))
        return picked.select(
            of(0, pl.String).alias("class"),
            pl.when(of(0, pl.String).is_in(["not_it", "unknown"]))
            .then(pl.lit("unknown"))
            .otherwise(mode)
            .alias("mode"),
            of(2, pl.String).alias("method"),
            of(3, pl.String).alias("rule"),
            pl.lit(version(self._scope)).alias("version"),
            of(4, pl.Float64).alias("confidence"),
        )


def _nature_mode() -> pl.Expr:
    nature = pl.col("nature")
    return (
        pl.when(nature == "capital")
        .then(pl.lit("change"))
        .when(nature.is_in(["current", "expense"]))
        .then(pl.lit("run"))
        .otherwise(pl.lit(None, pl.String))
    )
