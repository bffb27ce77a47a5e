"""Masking whole columns says the same as masking each text by itself."""

from __future__ import annotations

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rasad.ledger.masks import MASK, Masker, Persons, name_words, without_words, word_keys

NAMES = ("رضا محمدی‌نژاد", "María Pilar García López", "Ana Ruiz Soto", "سید علي طاق‌بستانی")
PARTS = (
    *" ".join(NAMES).split(),
    *("علی", "منطقه۵", "طاق", "ه", "ی", "garcia", "LÓPEZ", "local7788", "tel. 612 345 678", "a@example.org", "آقای", "Redacted"),
)  # fmt: skip
BETWEEN = (*" /-_,.«»\t", "", "\u200c", "\u200d", "\u0640", "\u064e", "\u0654", "\ufdfd", "\ufeff", "\x00")
texts = st.lists(st.sampled_from([*PARTS, *BETWEEN]), max_size=8).map("".join) | st.text(max_size=12)


@given(texts, st.sampled_from(NAMES))
@example("ا\u200cطاق", "طاق بستانی")
@example("مُحمد رضا", "حمد رضایی")
def test_a_text_in_which_a_word_is_masked_has_that_word_in_its_key(text: str, name: str) -> None:
    words = name_words(name)
    (key,) = word_keys(pl.Series([text]))
    assert without_words(text, words) == text or any(f" {word} " in key for word in words)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(texts, st.sampled_from([*NAMES, None]), st.booleans()), min_size=1, max_size=5))
def test_rows_masked_together_are_what_each_is_by_itself(rows: list[tuple[str, str | None, bool]]) -> None:
    masker = Masker(Persons(NAMES[:2], ("local7788",)))
    frame = pl.DataFrame(
        [
            {"currency": "IRR", "supplier_is_person": person, "supplier_name": name, "supplier_raw": name, "title": text, "title_raw": text, "unit": text}
            for text, name, person in rows * 2
        ],
        infer_schema_length=None,
        schema_overrides={"supplier_name": pl.String, "supplier_raw": pl.String},
    )  # fmt: skip
    alone = pl.concat([masker.mask(frame[place : place + 1]) for place in range(frame.height)])
    assert masker.mask(frame).to_dicts() == alone.to_dicts()


def test_a_payee_s_own_words_are_masked_in_that_payee_s_rows_alone() -> None:
    frame = pl.DataFrame(
        {
            "currency": ["IRR"] * 3,
            "supplier_is_person": [True, True, False],
            "supplier_name": ["رضا محمدی", "علی کاظمی", "شرکت محمدی"],
            "title": ["پرداخت به محمدی", "پرداخت به محمدی", "پرداخت به محمدی"],
        }
    )
    masked = Masker(Persons((), ())).mask(frame)
    assert masked["title"].to_list() == [f"پرداخت به {MASK}", "پرداخت به محمدی", "پرداخت به محمدی"]
    assert masked["supplier_name"].to_list() == [None, None, "شرکت محمدی"]
