"""Identifiers of payees whose check digit is wrong: most likely mistyped. The payment stands; the identifier is something to look at."""

from __future__ import annotations

import polars as pl
from stdnum.es import nif

from rasad.ledger.phrases import A_LEGAL_ID, A_NATIONAL_ID, A_NIF, A_SHEBA
from rasad.persian.digits import DIGIT_MAP
from rasad.persian.identifiers import is_sheba

MANY, SHARE = 5, 0.5
"""From so many identifiers of one form on, at least this share must be right: else the column holds another office's numbers of that length."""
_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
_NIF = "^(?:[0-9XYZKLM][0-9]{7}[A-Z]|[ABCDEFGHJNPQRSUVW][0-9]{7}[0-9A-J])$"


def wrong(ids: pl.Series, currency: str) -> pl.DataFrame:
    """Return `text` and `expected` of the distinct texts that look like identifiers of the currency's country and are none."""
    forms = {"IRR": (_legal, _national, _sheba), "EUR": (_spanish,)}.get(currency, ())
    nothing = pl.DataFrame(schema={"text": pl.String, "expected": pl.String})
    if not forms or not ids.len():
        return nothing
    bare = (
        pl.col("text")
        .str.replace_many(DIGIT_MAP)
        .str.replace_all(r"[\s./\-\u200b-\u200f]", "")
        .str.to_uppercase()
    )
    distinct = ids.rename("text").unique().drop_nulls().to_frame().with_columns(bare.alias("id"))
    found = [nothing]
    for form in forms:
        judged, expected = form(distinct)
        bad = judged.filter(~pl.col("right"))
        if judged.height < MANY or bad.height <= (1 - SHARE) * judged.height:
            found.append(bad.select("text", expected=pl.lit(expected)))
    return pl.concat(found)


def _legal(distinct: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Judge what has eleven digits as `rasad.persian.identifiers.is_legal_id` does, a column at a time."""
    some = distinct.filter(pl.col("id").str.contains("^[0-9]{11}$"))
    digit = [pl.col("id").str.slice(i, 1).cast(pl.Int32) for i in range(11)]
    added = digit[9] + 2
    check = (
        pl.sum_horizontal((one + added) * weight for one, weight in zip(digit, _LEGAL_WEIGHTS, strict=False))
        % 11
    )
    right = (check % 10 == digit[10]) & (pl.col("id").str.slice(3, 6) != "000000")
    return some.with_columns(right.alias("right")), A_LEGAL_ID


def _national(distinct: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Judge what has ten digits as `rasad.persian.identifiers.is_national_id` does."""
    some = distinct.filter(pl.col("id").str.contains("^[0-9]{10}$"))
    digit = [pl.col("id").str.slice(i, 1).cast(pl.Int32) for i in range(10)]
    remainder = pl.sum_horizontal(one * (10 - i) for i, one in enumerate(digit[:9])) % 11
    right = digit[9] == pl.when(remainder < 2).then(remainder).otherwise(11 - remainder)
    alike = pl.col("id").is_in([str(one) * 10 for one in range(10)])
    return some.with_columns((right & ~alike).alias("right")), A_NATIONAL_ID


def _sheba(distinct: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    some = distinct.filter(pl.col("id").str.contains("^IR[0-9]{24}$"))
    right = [is_sheba(one) for one in some["id"]]
    return some.with_columns(pl.Series("right", right, dtype=pl.Boolean)), A_SHEBA


def _spanish(distinct: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    some = distinct.filter(pl.col("id").str.contains(_NIF))
    right = [nif.is_valid(one) for one in some["id"]]
    return some.with_columns(pl.Series("right", right, dtype=pl.Boolean)), A_NIF
