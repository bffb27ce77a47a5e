"""The search key, column-wise and padded: rules and the texts they read pass through the same expression.

So a rule is written as people write and still meets «ي» and «ی», «نرم‌افزار» and «نرم افزار», "Informática" and "INFORMATICA".
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from rasad.ledger import texts
from rasad.persian.text import search_key


def key(text: pl.Expr) -> pl.Expr:
    """Return `rasad.persian.text.search_key` of `text`, column-wise; null stays null."""
    return texts.key(texts.normalised(text))


def padded(text: pl.Expr) -> pl.Expr:
    """Return a search key with one space before and after, so that " word " finds whole words and nothing else."""
    return pl.concat_str(pl.lit(" "), text, pl.lit(" "))


def folded(each: pl.Series) -> pl.Series:
    """Return the padded search keys of a column, the same as `padded(key(…))` gives; of nothing, two spaces."""
    keys = texts.key_texts(texts.normal_texts(each)).fill_null("")
    return pl.select(padded(pl.lit(keys))).to_series().alias(each.name)


def padded_keys(texts: Sequence[str]) -> list[str]:
    """Return the padded keys of `texts`, in their order."""
    return [f" {search_key(text)} " for text in texts]
