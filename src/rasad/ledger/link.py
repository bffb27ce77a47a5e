"""Suppliers for lines: every distinct id and name is judged once, then joined to the lines."""

from __future__ import annotations

import hashlib

import polars as pl

from rasad.ledger.classify.fold import folded
from rasad.ledger.mapping import PersonRule
from rasad.ledger.persons import judged
from rasad.ledger.schema import PERSON_KEY
from rasad.ledger.suppliers import identify, name_key, partners
from rasad.ledger.texts import distinct_rows

VERSION = "3"
"""Raise it when this module or `suppliers` judges otherwise: earlier links stay on disk under their own version."""
LINK = {
    "line_no": pl.Int64,
    "supplier": pl.String,
    "supplier_name": pl.String,
    "supplier_id": pl.String,
    "supplier_id_kind": pl.String,
    "supplier_is_person": pl.Boolean,
    "name_key": pl.String,
    "confidence": pl.Float64,
}
INPUTS = ("source", "currency", "supplier_name", "supplier_id_raw")
REMEMBERED = 1_000_000
"""Payees that are kept in mind from file to file, about 300 MB of them."""
_PREFIX = {"ir_legal": "ir", "es_nif": "es", "eu_vat": "vat"}
_CONFIDENCE = {
    "ir_legal": 1.0,
    "es_nif": 1.0,
    "eu_vat": 1.0,
    "local": 0.9,
    "name": 0.6,
    "person": 1.0,
    "none": 0.0,
}


def version(persons: PersonRule | None = None) -> str:
    """Return the version that links under `persons` carry."""
    if persons is None or not (persons.id_patterns or persons.name_patterns):
        return VERSION
    own = "\0".join((*persons.id_patterns, "", *persons.name_patterns))
    return f"{VERSION}-{hashlib.sha256(own.encode()).hexdigest()[:8]}"


def link(lines: pl.LazyFrame | pl.DataFrame, persons: PersonRule | None = None) -> pl.DataFrame:
    """Return one supplier per line, in the lines' order: columns of LINK. See `Linker`."""
    return Linker(persons)(lines)


class Linker:
    """Gives lines their suppliers; asked again, it remembers the payees that it has judged. For one thread."""

    def __init__(self, persons: PersonRule | None = None) -> None:
        """`persons`: the natural-person rule of the source's mapping."""
        self._persons = persons
        self._known = _entities(pl.DataFrame(schema=dict.fromkeys(INPUTS, pl.String)), persons)

    def __call__(self, lines: pl.LazyFrame | pl.DataFrame) -> pl.DataFrame:
        """Return one supplier per line, in the lines' order: columns of LINK.

        `lines` has `line_no` and any of INPUTS.
        Keys: `ir:…`, `es:…`, `vat:…` for a valid id; `local:<source>:<id>` for the source's own; `name:<name key>`;
        `person` for natural persons; null where no supplier is stated. The private columns (`supplier_name`, `supplier_id`,
        `name_key`) still carry what the file said: a release gets them through `ledger.view.stage_public` only.
        """
        frame = lines.lazy()
        there = frame.collect_schema().names()
        wanted = frame.select(
            pl.col("line_no").cast(pl.Int64),
            *(
                (pl.col(name) if name in there else pl.lit(None)).cast(pl.String).alias(name)
                for name in INPUTS
            ),
        ).collect()
        payees, places = distinct_rows(wanted.select(INPUTS))
        found = self._judged(payees)[places].with_columns(wanted["line_no"])
        return found.select(*LINK)

    def _judged(self, payees: pl.DataFrame) -> pl.DataFrame:
        """Return the payees (INPUTS) with the columns of LINK but `line_no`."""
        if self._known.height > REMEMBERED:
            self._known = self._known.clear()
        new = payees.join(self._known, on=INPUTS, how="anti", nulls_equal=True)
        if new.height:
            self._known = pl.concat([self._known, _entities(new, self._persons)])
        return payees.join(self._known, on=INPUTS, how="left", nulls_equal=True, maintain_order="left")


def _entities(distinct: pl.DataFrame, persons: PersonRule | None) -> pl.DataFrame:
    """Return `distinct` (INPUTS) with the columns of LINK but `line_no`."""
    ids = distinct.select("currency", "supplier_id_raw").unique()
    identities = [identify(row[1], row[0]) for row in ids.iter_rows()]
    ids = ids.with_columns(
        pl.Series("kind", [identity.kind for identity in identities], dtype=pl.String),
        pl.Series("supplier_id", [identity.id for identity in identities], dtype=pl.String),
        pl.Series("id_person", [identity.is_person for identity in identities], dtype=pl.Boolean),
        pl.Series(
            "partners",
            [partners(identity.id or "") if identity.kind == "es_nif" else None for identity in identities],
            dtype=pl.String,
        ),
    )
    name = pl.col("supplier_name")
    kind = pl.col("kind")
    currency = pl.col("currency").fill_null("")
    # No valid id: a bare name of two to four words is a firm's too seldom to be published as one.
    unproven = kind.is_in(["local", "none"])
    stated_id = pl.col("supplier_id_raw").fill_null("").str.strip_chars() != ""
    person = (
        _by_mapping(persons)
        | pl.col("id_person").fill_null(False)
        | ((pl.col("honoured") | pl.col("withheld")) & ~kind.is_in(["ir_legal", "es_nif", "eu_vat"]))
        | (unproven & (currency == "EUR") & stated_id & pl.col("bare"))
        | (unproven & (currency == "IRR") & pl.col("bare"))
        | (unproven & pl.col("given"))
        # In Spain and in Iran names are also written with the surname first.
        | (unproven & currency.is_in(["EUR", "IRR"]) & pl.col("inside"))
        | (pl.col("partners").eq_missing("community") & ~pl.col("organisation"))
        | (pl.col("partners").eq_missing("venture") & pl.col("venture"))
    )
    kind = (
        pl.when(person.fill_null(False))
        .then(pl.lit("person"))
        .when((kind == "none") & pl.col("name_key").is_not_null())
        .then(pl.lit("name"))
        .otherwise(kind)
    )
    number = pl.col("supplier_id")
    payees = distinct.with_columns(
        name.fill_null("").alias("name"), folded(distinct["supplier_name"]).alias("folded")
    ).join(ids, on=["currency", "supplier_id_raw"], how="left", nulls_equal=True, maintain_order="left")
    asked = payees.filter(unproven | pl.col("partners").is_not_null())["supplier_name"]
    return (
        payees.join(judged(asked), on="name", how="left", maintain_order="left")
        .with_columns(name_key(pl.col("folded")).alias("name_key"))
        .with_columns(person.fill_null(False).alias("supplier_is_person"), kind.alias("supplier_id_kind"))
        .with_columns(
            pl.when(pl.col("supplier_is_person"))
            .then(pl.lit(PERSON_KEY))
            .when(pl.col("supplier_id_kind") == "local")
            .then(pl.concat_str(pl.lit("local:"), pl.col("source").fill_null(""), pl.lit(":"), number))
            .when(pl.col("supplier_id_kind") == "name")
            .then(pl.concat_str(pl.lit("name:"), pl.col("name_key")))
            .when(pl.col("supplier_id_kind").is_in(list(_PREFIX)))
            .then(
                pl.concat_str(
                    pl.col("supplier_id_kind").replace_strict(_PREFIX, default=""), pl.lit(":"), number
                )
            )
            .alias("supplier"),
            pl.col("supplier_id_kind")
            .replace_strict(_CONFIDENCE, return_dtype=pl.Float64)
            .alias("confidence"),
        )
        .select(
            *INPUTS,
            *(column for column in LINK if column not in ("line_no", *INPUTS)),
        )
    )


def _by_mapping(persons: PersonRule | None) -> pl.Expr:
    """Return whether the source's own rule names the payee a natural person."""
    result = pl.lit(False)
    for column, patterns in (
        ("supplier_id_raw", persons.id_patterns if persons else ()),
        ("supplier_name", persons.name_patterns if persons else ()),
    ):
        for pattern in patterns:
            result = result | pl.col(column).str.contains(pattern).fill_null(False)
    return result


def merge_suggestions(linked: pl.DataFrame) -> pl.DataFrame:
    """Return which nameless-id suppliers may be one with an id: supplier, suggested, confidence. Nothing is merged.

    `linked` has the columns of LINK and `source`. A name key that stands without an id is suggested to be the one
    valid id which bears exactly this name key within the same source; where two ids bear it, nothing is suggested.
    """
    keyed = linked.filter(pl.col("name_key").is_not_null() & ~pl.col("supplier_is_person"))
    valid = (
        keyed.filter(pl.col("supplier_id_kind").is_in(list(_PREFIX)))
        .group_by("source", "name_key")
        .agg(pl.col("supplier").n_unique().alias("ids"), pl.col("supplier").first().alias("suggested"))
        .filter(pl.col("ids") == 1)
    )
    return (
        keyed.filter(pl.col("supplier_id_kind") == "name")
        .select("source", "name_key", "supplier")
        .unique()
        .join(valid, on=["source", "name_key"])
        .select("supplier", "suggested", pl.lit(0.8).alias("confidence"))
        .unique()
        .sort("supplier", "suggested")
    )
