"""Normalisation and the search key: each folding by example, both forms by their properties, columns as values."""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rasad.persian.digits import to_latin
from rasad.persian.text import (
    CHAR_MAP,
    KEY_CHAR_MAP,
    KEY_STEPS,
    STEPS,
    ZWNJ,
    glued_key,
    normalise,
    search_key,
    tokens,
    typed,
)

# What offices type, much denser than chance would have it: every character that a rule speaks of, and the stems it respells.
SIGNS = sorted(
    {*CHAR_MAP, *KEY_CHAR_MAP, *"اآبپتهویکمسنلئؤأۀ ۵5٥aZzÁñ.-()«»،؛\u0653\u0654\u0655\u0301\u200c❤漢"}
)
STEMS = [
    "مسئول",
    "مسیول",
    "هیئت",
    "هییت",
    "مسئله",
    "باطری",
    "بلیط",
    "اطاق",
    "ه ی",
    "ه\u200cی",
    "ی\u0654",
    "\r\n",
]
office_text = st.lists(st.sampled_from(SIGNS) | st.sampled_from(STEMS), max_size=14).map("".join)
any_text = st.text(max_size=30) | office_text


def in_columns(texts: list[str], chars: dict[str, str], steps: tuple[tuple[str, str], ...]) -> list[str]:
    column = pl.col("text").str.replace_many(chars)
    for pattern, replacement in steps:
        column = column.str.replace_all(pattern, replacement)
    return pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(column)["text"].to_list()


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("حسابداري ماليات", "حسابداری مالیات"),
        ("موسى", "موسی"),
        ("شركت", "شرکت"),
        ("ڪتاب ھمراہ", "کتاب همراه"),
        ("ســـلام", "سلام"),
        ("بُزرگیِ مؤسّسه", "بزرگی مؤسسه"),
        ("ﺷﻬﺮﺩﺍﺭﻱ ﻻﻟﻪ", "شهرداری لاله"),
        ("۱۰۰ ﷼", "100 ریال"),
        ("۱۲۳٤٥٦", "123456"),
        ("ＡＢ－１２", "AB-12"),
        ("قرا\u0653ن", "قرآن"),
        ("مو\u0654سسه", "مؤسسه"),
        ("هزينه\u0654 ثابت", "هزینۀ ثابت"),
        ("\u202bشهرداری\u202c\u200f", "شهرداری"),
        ("نرم\u200bافزار", f"نرم{ZWNJ}افزار"),
        ("نرم\ufeffافزار", f"نرم{ZWNJ}افزار"),
        ("نرم\u00adافزار", f"نرم{ZWNJ}افزار"),
        ("نرم¬افزار", f"نرم{ZWNJ}افزار"),
        (f"نرم{ZWNJ}{ZWNJ}افزار", f"نرم{ZWNJ}افزار"),
        (f"قرارداد{ZWNJ}ها", "قراردادها"),
        (f"{ZWNJ}سلام {ZWNJ}دنیا{ZWNJ}، (سلام{ZWNJ})", "سلام دنیا، (سلام)"),
        ("soft\u00adware", "software"),
        ("\u00a0شهر\u2003\t کرج \r\n", "شهر کرج"),
        ("a\x00b\x9d", "ab"),
        ("ه\u200d.ش", "ه.ش"),
        ("", ""),
        (" \u200c\u200f ", ""),
    ],
)
def test_normalise(typed: str, clean: str) -> None:
    assert normalise(typed) == clean


@pytest.mark.parametrize(
    "text",
    [
        "دانش‌آموز",
        "می‌شود",
        "جزء",
        "آب",
        "مسئول",
        "هیأت",
        "Informática ¿qué?",
        "«سلام...»",
        "نقشه برداری ها",
        "12.750",
        "m²",
        "دایرة",
    ],
)
def test_normalise_leaves_words_as_they_are_spelt(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    "spellings",
    [
        ["ماشين هاي اداري", "ماشین‌های اداری", "ماشین های اداری", "ماشین¬های  اداری"],
        ["شركت نرم‌افزاري", "شرکت نرم افزاری", "شرکتِ نرم\u200bافزاری", "ﺷﺮﮐﺖ نرم\u00a0افزاری"],
        ["مسئول", "مسؤول", "مسوول", "مسؤُول", "مسي\u0654ول"],
        ["هیئت", "هیأت", "هيات", "هیئَت"],
        ["مؤسسه", "موسسه", "مؤسّسه", "مو\u0654سسه"],
        ["تأیید", "تایید", "تائید", "تأييد"],
        ["مسئله", "مسأله", "مساله"],
        ["شیء", "شئ", "شی"],
        ["امضاء", "امضا"],
        ["توسعهٔ شهر", "توسعۀ شهر", "توسعه‌ی شهر", "توسعه ی شهر", "توسعة شهر", "توسعه شهر"],
        ["قرآن", "قران", "قرا\u0653ن"],
        ["باتری", "باطری", "باطري"],
        ["منطقه ۵", "منطقه۵", "منطقه 5", "منطقه‌۵", "منطقه٥"],
        ["قراردادها", "قرارداد\u200cها"],
        ["Informática", "INFORMATICA", "informatica", "Informa\u0301tica", "ｉnformática"],
        ["Straße", "STRASSE", "strasse"],
        ["AÑO", "año", "ano"],
        ["Ωδή", "ΩΔΗ"],
    ],
)
def test_spellings_of_one_word_have_one_key(spellings: list[str]) -> None:
    assert {search_key(text) for text in spellings} == {search_key(spellings[0])}
    assert search_key(spellings[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("سرور", "مسرور"),
        ("شبکه", "شبکیه"),
        ("آب", "تب"),
        ("A4", "A 4"),
        ("قانون", "قنون"),
        ("کار", "کارگر"),
    ],
)
def test_different_words_have_different_keys(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


def test_glued_key_meets_the_word_typed_in_one() -> None:
    assert len({glued_key(text) for text in ("نرم‌افزار", "نرم افزار", "نرمافزار", "نرم-افزار")}) == 1
    assert search_key("نرم‌افزار") != search_key("نرمافزار")


def test_tokens_are_whole_words() -> None:
    assert tokens("خريد «سرور‌»، خیابان مسرور(فاز۲)") == ["خرید", "سرور", "خیابان", "مسرور", "فاز", "2"]
    assert tokens(" ،- ") == []


def test_other_scripts_keep_their_words() -> None:
    assert search_key("Երևան 漢字") == search_key("Երևան, 漢字") != ""


@given(any_text)
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(any_text)
@example("ه ی ی")
@example("ی\u0654\u0654\u200c\u0654ه")
def test_search_key_is_idempotent_and_sees_through_normalise(text: str) -> None:
    key = search_key(text)
    assert search_key(key) == key
    assert search_key(normalise(text)) == key
    assert glued_key(key) == glued_key(text)


@given(any_text)
def test_clean_text_holds_nothing_invisible(text: str) -> None:
    clean = normalise(text)
    assert clean == clean.strip()
    assert "  " not in clean
    assert not set(clean) & {char for char, new in CHAR_MAP.items() if char != ZWNJ and new != char}
    assert not re.search(f"^{ZWNJ}|{ZWNJ}$|{ZWNJ} | {ZWNJ}|{ZWNJ}{ZWNJ}", clean)


def test_no_character_leaves_a_capital_or_anything_invisible_in_a_key() -> None:
    unwanted = {"Lu", "Lt", "Cf", "Cc", "Zs", "Zl", "Zp"}
    every = [chr(point) for point in range(sys.maxunicode + 1) if not 0xD800 <= point <= 0xDFFF]
    kept = {char: search_key(char) for char in every if unicodedata.category(char) in unwanted}
    assert not {char: key for char, key in kept.items() if {unicodedata.category(c) for c in key} & unwanted}
    assert all(search_key(key) == key for key in kept.values())
    assert [search_key(char) for char in "ԱႠᏀᲐЁΆ"] == ["ա", "ⴀ", "ꮐ", "ა", "ё", "α"]


@given(any_text)
def test_a_key_is_words_and_single_spaces(text: str) -> None:
    key = search_key(text)
    assert key == " ".join(tokens(text))
    assert not any(unicodedata.category(char) in {"Lu", "Cf", "Cc", "Zs"} for char in key.replace(" ", ""))


ALPHABET = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
# Every character that stands for one letter or digit, by Rasad's own tables: of other keyboards, code pages and shapes.
TYPED = {
    char: [char, *(other for other, plain in {**CHAR_MAP, **KEY_CHAR_MAP}.items() if plain == char)]
    for char in ALPHABET + "0123456789"
}
UNSEEN = ["", "", "", "\u064e", "\u0651", "\u0640", "\u0640\u0640", "\u200d", "\u200f", "\u202b", "\x00"]
GAPS = [" ", "  ", "\u00a0", "\t", " \u200c", "-", "،", " / ", "\u2003"]
# Where two letters would join, these part words too: the non-joiner and what is typed for it.
BETWEEN_JOINING = [*GAPS, "\u200c", "\u200c\u200c", "\u200b", "\ufeff", "\u00ad", "\u00ac"]
NOT_JOINING = "اآأإءدذرزژوؤةۀڈڑڕۆۇۈۋۃ0123456789"


def spelt(data: st.DataObject, word: str) -> str:
    letters = [data.draw(st.sampled_from(TYPED[char])) + data.draw(st.sampled_from(UNSEEN)) for char in word]
    return "".join(letters)


def test_the_letters_have_the_spellings_that_offices_type() -> None:
    assert set("يىﻱﻳئ") <= set(TYPED["ی"])
    assert set("كﻙﻛڪ") <= set(TYPED["ک"])
    assert set("أإآٱﺍ") <= set(TYPED["ا"])
    assert set("ةۀھﻩ") <= set(TYPED["ه"])
    assert set("۵٥") <= set(TYPED["5"])


@given(
    st.lists(
        st.text(ALPHABET, min_size=1, max_size=7) | st.text("0123456789", min_size=1, max_size=4),
        min_size=1,
        max_size=3,
    ),
    st.data(),
)
def test_words_are_found_however_they_are_typed(words: list[str], data: st.DataObject) -> None:
    text = spelt(data, words[0])
    for word in words[1:]:
        joins = normalise(text)[-1] not in NOT_JOINING and not word[0].isdigit()
        text += data.draw(st.sampled_from(BETWEEN_JOINING if joins else GAPS)) + spelt(data, word)
    assert search_key(text) == search_key(" ".join(words))
    assert search_key(data.draw(st.sampled_from(["", " ", "\u200f", "«"])) + text) == search_key(text)


def test_lines_stay_where_they_are_meant() -> None:
    assert typed(" یک\r\nدو\rسه\t۴ ", lines=True) == "یک\nدو\nسه\t۴"
    assert typed("كتاب\r\nعربي") == "کتاب عربی"


@given(st.lists(any_text, min_size=1, max_size=6))
def test_columns_agree_with_values(texts: list[str]) -> None:
    clean = in_columns(texts, CHAR_MAP, STEPS)
    assert clean == [normalise(text) for text in texts]
    assert in_columns(clean, KEY_CHAR_MAP, KEY_STEPS) == [search_key(text) for text in texts]


def test_columns_agree_with_values_for_every_character() -> None:
    # Between two letters, so that what a rule says of neighbours is seen too.
    texts = [f"ب{chr(point)}ه" for point in range(0x20000) if not 0xD800 <= point < 0xE000]
    clean = in_columns(texts, CHAR_MAP, STEPS)
    assert clean == [normalise(text) for text in texts]
    assert in_columns(clean, KEY_CHAR_MAP, KEY_STEPS) == [search_key(text) for text in texts]


@pytest.mark.parametrize("chars", [CHAR_MAP, KEY_CHAR_MAP])
def test_maps_are_of_single_characters_and_end_at_once(chars: dict[str, str]) -> None:
    assert all(len(char) == 1 for char in chars)
    assert not [char for char, new in chars.items() if set(new) & set(chars)]


@pytest.mark.parametrize("steps", [STEPS, KEY_STEPS])
def test_steps_keep_to_what_both_engines_read(steps: tuple[tuple[str, str], ...]) -> None:
    for pattern, replacement in steps:
        assert not re.search(r"\(\?|\\", pattern)
        assert "\\" not in replacement
        assert not re.sub(r"\$\{\d\}", "", replacement).count("$")


# The other normaliser's pairs by their line in the file, and why ours differs.
SPELLING = "it mends spelling and parts or joins words; ours never changes what was written"
PUNCTUATION = "it sets spaces around punctuation, one sign for three dots, a Persian decimal sign; ours leaves punctuation"
DIGITS = "it parts digits from letters in the text; ours does so in the search key alone"
SYMBOL = "it drops the symbol of a phrase; ours writes the phrase out"
BLANK = "it leaves blanks where its space rules are not run; ours trims always"
DIFFERENT = {
    2: SPELLING,
    8: DIGITS, 9: DIGITS,
    16: SPELLING, 17: SPELLING, 31: SPELLING, 45: SPELLING,
    28: SYMBOL,
    33: PUNCTUATION, 34: PUNCTUATION,
    26: BLANK, 36: BLANK, 40: BLANK, 43: BLANK, 49: BLANK,
}  # fmt: skip


@pytest.mark.realdata
def test_another_normalisers_pairs(realdata: Path) -> None:
    with (realdata / "vectors" / "hazm_normalizer_pairs.csv").open(encoding="utf-8") as file:
        pairs = dict(enumerate(csv.DictReader(file), 2))
    # It writes Persian digits in all text; ours keeps plain ones, and pages write them for the reader.
    same = {line for line, row in pairs.items() if normalise(row["text"]) == to_latin(row["expected"])}
    assert set(pairs) - same == set(DIFFERENT)
    for line, why in DIFFERENT.items():
        if why in (DIGITS, BLANK, PUNCTUATION):
            assert search_key(pairs[line]["text"]) == search_key(pairs[line]["expected"])
