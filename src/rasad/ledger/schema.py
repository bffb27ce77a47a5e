"""The tables of the ledger: every column with its type, and whether the public may see it.

A table is declared once, here. Readers of a source, batches, the release and its `datapackage.json`
all follow this declaration, so a further table is one more `Table` and no other code.

Money is an integer in the currency's smallest unit (rial; cent). `*_raw` columns hold a cell's text
exactly as it stood in the file. A column is private unless it says public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "int", "money", "date", "bool", "real", "decimal"]

STAGES = (
    "initial",
    "modification",
    "final",
    "authorised",
    "allocated",
    "committed",
    "recognised",
    "paid",
)
CLASSES = (
    "hardware",
    "software",
    "services",
    "staff",
    "telecom_cloud",
    "other_it",
    "not_it",
    "unknown",
)
IT_CLASSES = CLASSES[:6]
MODES = ("run", "change", "unknown")
METHODS = ("person", "code", "rule", "model", "none")
FLOWS = ("expense", "revenue")
BOOKS = ("budget", "payments")
"""Who reports: the budget's own execution report, or the ledger of single payments. The same money at the same stage can stand in
both, so books are never added together, as stages are not."""
ORIGINS = ("row", "remainder")
PERSON_KEY = "person"
"""The one supplier key under which all natural persons stand in a release."""


@dataclass(frozen=True)
class Column:
    """One column: `name`, `type`, whether it is `public`, and its titles in Persian and English."""

    name: str
    type: Type
    fa: str
    en: str
    public: bool = False
    required: bool = False
    description: str = ""


@dataclass(frozen=True)
class Table:
    """One table: `columns` in their order, and the columns that make a row's key."""

    name: str
    fa: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def public_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.public)


def _public(
    name: str, type_: Type, fa: str, en: str, description: str = "", *, required: bool = False
) -> Column:
    return Column(name, type_, fa, en, public=True, required=required, description=description)


def _private(name: str, type_: Type, fa: str, en: str, description: str = "") -> Column:
    return Column(name, type_, fa, en, public=False, description=description)


# Where a row came from; the same for every table that is loaded from files.
PROVENANCE = (
    _public(
        "line_no",
        "int",
        "شمارهٔ ردیف در دسته",
        "line number in the batch",
        "from 0; key with batch",
        required=True,
    ),
    _public("batch", "text", "دسته", "batch", required=True),
    _public("source", "text", "منبع", "source", "name of the mapping", required=True),
    _public("file_name", "text", "نام پرونده", "file name", required=True),
    _public(
        "file_hash",
        "text",
        "اثر انگشت پرونده",
        "file hash",
        "SHA-256 of the file as it arrived",
        required=True,
    ),
    _public("sheet", "text", "برگه", "sheet", "empty for text files"),
    _public(
        "row",
        "int",
        "ردیف در پرونده",
        "row in the file",
        "from 1, header and title rows counted",
        required=True,
    ),
    _public(
        "corrected_hash",
        "text",
        "اثر انگشت پروندهٔ اصلاح",
        "hash of the correction",
        "SHA-256 of the file that put the row right; empty where it stands as it arrived",
    ),
    _public("corrected_row", "int", "ردیف در پروندهٔ اصلاح", "row in the correction"),
)

LINE = Table(
    "line",
    "ردیف مالی",
    "line",
    ("line_id",),
    (
        _public(
            "line_id", "text", "شناسهٔ ردیف", "line id", "file hash (12), sheet, row and stage", required=True
        ),
        *PROVENANCE,
        _public(
            "origin",
            "text",
            "خاستگاه",
            "origin",
            "row of a file, or explicit remainder of a parent",
            required=True,
        ),
        _public(
            "book",
            "text",
            "دفتر",
            "book",
            "budget report or payments ledger; never added together",
            required=True,
        ),
        _public("flow", "text", "جریان", "flow", "expense or revenue", required=True),
        _public("stage", "text", "مرحله", "stage", "stages are never added together", required=True),
        _public(
            "fiscal_year", "int", "سال مالی", "fiscal year", "in the source's own calendar", required=True
        ),
        _public("date", "date", "تاریخ", "date", "ISO, Gregorian"),
        _public("date_raw", "text", "تاریخ، چنان‌که آمده", "date as written"),
        _public("as_of", "date", "تا تاریخ", "as of", "the figure's cut-off, where the source states one"),
        _public("amount", "money", "مبلغ", "amount", "in the currency's smallest unit", required=True),
        _public("amount_raw", "text", "مبلغ، چنان‌که آمده", "amount as written"),
        _public("currency", "text", "واحد پول", "currency", "ISO 4217", required=True),
        _public("unit_code", "text", "کد واحد", "unit code"),
        _public("unit", "text", "واحد", "unit"),
        _public("programme_code", "text", "کد برنامه", "programme code"),
        _public("programme", "text", "برنامه", "programme"),
        _public("economic_code", "text", "کد اقتصادی", "economic code"),
        _public("economic", "text", "فصل هزینه", "economic item"),
        _public("place", "text", "محل", "place"),
        _public("nature", "text", "ماهیت", "nature", "capital or current, as the source says"),
        _public("tree_code", "text", "کد درخت بودجه", "budget tree code"),
        _public("title", "text", "شرح", "description"),
        _public("title_raw", "text", "شرح، چنان‌که آمده", "description as written"),
        _public("title_key", "text", "کلید جست‌وجوی شرح", "search key of the description"),
        _public("document_no", "text", "شمارهٔ سند", "document number"),
        _public("contract_no", "text", "شمارهٔ قرارداد", "contract number"),
        _public("supplier_name", "text", "طرف قرارداد", "supplier name", "masked for natural persons"),
        _public(
            "supplier_raw",
            "text",
            "طرف قرارداد، چنان‌که آمده",
            "supplier as written",
            "masked for natural persons",
        ),
        _public(
            "supplier_id_raw",
            "text",
            "شناسهٔ طرف، چنان‌که آمده",
            "supplier id as written",
            "masked for natural persons",
        ),
        _public("label", "text", "ردهٔ خود منبع", "the source's own class"),
        _private("extra", "text", "ستون‌های دیگر", "other cells", "JSON object of every cell no column took"),
    ),
)

CONTRACT = Table(
    "contract",
    "قرارداد",
    "contract",
    ("line_id",),
    (
        _public("line_id", "text", "شناسهٔ ردیف", "line id", required=True),
        *PROVENANCE,
        _public("contract_no", "text", "شمارهٔ قرارداد", "contract number", required=True),
        _public("fiscal_year", "int", "سال مالی", "fiscal year", required=True),
        _public("title", "text", "موضوع", "subject"),
        _public("title_raw", "text", "موضوع، چنان‌که آمده", "subject as written"),
        _public("title_key", "text", "کلید جست‌وجوی موضوع", "search key of the subject"),
        _public("unit_code", "text", "کد واحد", "unit code"),
        _public("unit", "text", "واحد", "unit"),
        _public("method", "text", "روش معامله", "procurement method", "as the source says"),
        _public("date", "date", "تاریخ", "date signed"),
        _public("date_raw", "text", "تاریخ، چنان‌که آمده", "date as written"),
        _public("start", "date", "آغاز", "start"),
        _public("end", "date", "پایان", "end"),
        _public("start_raw", "text", "آغاز، چنان‌که آمده", "start as written"),
        _public("end_raw", "text", "پایان، چنان‌که آمده", "end as written"),
        _public("amount", "money", "مبلغ", "amount", required=True),
        _public("amount_raw", "text", "مبلغ، چنان‌که آمده", "amount as written"),
        _public("currency", "text", "واحد پول", "currency", required=True),
        _public("supplier_name", "text", "طرف قرارداد", "supplier name", "masked for natural persons"),
        _public(
            "supplier_raw",
            "text",
            "طرف قرارداد، چنان‌که آمده",
            "supplier as written",
            "masked for natural persons",
        ),
        _public(
            "supplier_id_raw",
            "text",
            "شناسهٔ طرف، چنان‌که آمده",
            "supplier id as written",
            "masked for natural persons",
        ),
        _private("extra", "text", "ستون‌های دیگر", "other cells"),
    ),
)

# The tables that only a release holds: made from lines, receipts and quarantines.
SUPPLIER = Table(
    "supplier",
    "طرف قرارداد",
    "supplier",
    ("supplier",),
    (
        _public(
            "supplier", "text", "کلید", "key", "`person` for all natural persons together", required=True
        ),
        _public("name", "text", "نام", "name", "the one most often written; empty for natural persons"),
        _public("supplier_id", "text", "شناسهٔ معتبر", "valid id"),
        _public("supplier_id_kind", "text", "نوع شناسه", "kind of id", required=True),
        _public("supplier_is_person", "bool", "شخص حقیقی", "natural person", required=True),
        _public("lines", "int", "شمار ردیف‌ها", "number of lines", required=True),
    ),
)
BATCH = Table(
    "batch",
    "دسته",
    "batch",
    ("batch", "column"),
    (
        _public("batch", "text", "دسته", "batch", required=True),
        _public("table", "text", "جدول", "table", "line or contract", required=True),
        _public("source", "text", "منبع", "source", required=True),
        _public("mapping_version", "text", "نسخهٔ نگاشت", "version of the mapping"),
        _public("mapping_hash", "text", "اثر انگشت نگاشت", "hash of the mapping"),
        _public("created_at", "text", "زمان بارگذاری", "loaded at", "UTC, ISO 8601", required=True),
        _public("file_name", "text", "نام پرونده", "file name", required=True),
        _public("file_hash", "text", "اثر انگشت پرونده", "file hash", "SHA-256", required=True),
        _public("file_bytes", "int", "اندازهٔ پرونده", "file size", "bytes"),
        _public("encoding", "text", "نویسه‌گذاری", "encoding"),
        _public("sheet", "text", "برگه", "sheet"),
        _public("supersedes", "text", "جایگزین", "supersedes", "batches, parted by spaces"),
        _public(
            "corrections",
            "text",
            "پرونده‌های اصلاح",
            "corrections",
            "SHA-256 of the files that put rejected rows right, parted by spaces",
        ),
        _public("rows_corrected", "int", "ردیف‌های اصلاح‌شده", "rows put right"),
        _public("lines", "int", "شمار ردیف‌های مالی", "lines written", required=True),
        _public("remainder_lines", "int", "ردیف‌های مانده", "remainder lines", required=True),
        _public("rows_in", "int", "ردیف‌های پرونده", "rows in", required=True),
        _public("rows_stored", "int", "ردیف‌های ثبت‌شده", "rows stored", required=True),
        _public("rows_set_aside", "int", "ردیف‌های کنارگذاشته", "rows set aside", required=True),
        _public("rows_quarantined", "int", "ردیف‌های قرنطینه", "rows quarantined", required=True),
        _public("column", "text", "ستون مبلغ", "amount column", "empty where the file holds no amount"),
        _public("stage", "text", "مرحله", "stage"),
        _public("currency", "text", "واحد پول", "currency"),
        _public("amount_in", "money", "مبلغ پرونده", "amount in"),
        _public("amount_stored", "money", "مبلغ ثبت‌شده", "amount stored"),
        _public("amount_set_aside", "money", "مبلغ کنارگذاشته", "amount set aside"),
        _public("amount_quarantined", "money", "مبلغ قرنطینه", "amount quarantined"),
        _public(
            "amount_remainder", "money", "مبلغ مانده", "amount of remainders", "apart from the amount in"
        ),
        _public("unreadable_cells", "int", "خانه‌های ناخوانا", "cells whose amount cannot be read"),
    ),
)
PROBLEM = Table(
    "problem",
    "اشکال",
    "problem",
    ("batch", "sheet", "row", "column", "code"),
    (
        _public("batch", "text", "دسته", "batch", required=True),
        _public("source", "text", "منبع", "source", required=True),
        _public("file_name", "text", "نام پرونده", "file name", required=True),
        _public("sheet", "text", "برگه", "sheet"),
        _public("row", "int", "ردیف در پرونده", "row in the file"),
        _public("column", "text", "ستون", "column"),
        _public("code", "text", "کد اشکال", "code", required=True),
        _public("expected", "text", "آنچه انتظار می‌رفت", "what was expected"),
        _private("found", "text", "آنچه بود", "what was found", "may name a person"),
    ),
)
TOMBSTONE = Table(
    "tombstone",
    "ردیف رفته",
    "line that left",
    ("line_id",),
    (
        _public("line_id", "text", "شناسهٔ ردیف", "line id", "of the line that left", required=True),
        _public("table", "text", "جدول", "table", "line or contract", required=True),
        _public("how", "text", "چگونه رفت", "how it left", "same, changed, gone, reread", required=True),
        _public("left_at", "text", "زمان رفتن", "left at", "UTC, ISO 8601", required=True),
        _public("batch", "text", "دسته", "batch", "that the line stood in", required=True),
        _public(
            "superseded_by", "text", "جایگزین‌شده با", "superseded by", "the batch that came", required=True
        ),
        _public(
            "continued_by",
            "text",
            "ادامه در",
            "continued by",
            "the line that stands for it now; empty where none does",
        ),
        _public("source", "text", "منبع", "source", required=True),
        _public("file_name", "text", "نام پرونده", "file name", required=True),
        _public("file_hash", "text", "اثر انگشت پرونده", "file hash", "SHA-256", required=True),
        _public("sheet", "text", "برگه", "sheet"),
        _public("row", "int", "ردیف در پرونده", "row in the file", required=True),
        _public("book", "text", "دفتر", "book"),
        _public("flow", "text", "جریان", "flow"),
        _public("stage", "text", "مرحله", "stage"),
        _public("fiscal_year", "int", "سال مالی", "fiscal year", required=True),
        _public("date", "date", "تاریخ", "date", "ISO, Gregorian"),
        _public("amount", "money", "مبلغ", "amount", "in the currency's smallest unit", required=True),
        _public("currency", "text", "واحد پول", "currency", required=True),
    ),
)
ALLOCATION = Table(
    "allocation",
    "تخصیص به پروژه",
    "allocation to projects",
    ("line_id", "part"),
    (
        _public("line_id", "text", "شناسهٔ ردیف", "line id", required=True),
        _public(
            "part",
            "int",
            "شمارهٔ سهم",
            "number of the part",
            "from 1; the parts of a line are together the whole",
            required=True,
        ),
        _public("project", "text", "کد پروژه", "project code", "empty: unlinked"),
        _public(
            "share_bp", "int", "سهم (ده‌هزارم)", "share", "basis points: 10,000 are the whole", required=True
        ),
        _public(
            "amount",
            "money",
            "مبلغ سهم",
            "amount of the part",
            "in the currency's smallest unit; the parts of a line sum to its amount",
            required=True,
        ),
        _public("method", "text", "روش", "method", "person, rule, none", required=True),
        _public("rule", "text", "قاعده", "rule", "the allocation rule that decided"),
        _public("rule_version", "int", "نسخهٔ قاعده", "version of the rule"),
    ),
)
"""Which project each line's money is for. Made of what rules say and people judged; it names no person."""
ALLOCATION_METHODS = ("person", "rule", "none")
HOWS = ("same", "changed", "gone", "reread")
"""How a line left: a newer export has it unchanged, or changed, or no longer; or its own file was read again and no longer counts it."""

TABLES = {table.name: table for table in (LINE, CONTRACT, SUPPLIER, BATCH, PROBLEM, TOMBSTONE, ALLOCATION)}
LOADED = ("line", "contract")
"""The tables that files are loaded into."""

# What classification and linking add to a row of `line`, in `ledger.view` and in a release.
CLASS_COLUMNS = (
    _public("class", "text", "رده", "class", required=True),
    _public("mode", "text", "وضع", "mode", "run or change", required=True),
    _public(
        "class_method",
        "text",
        "روش رده‌بندی",
        "class method",
        "person, code, rule, model, none",
        required=True,
    ),
    _public("class_rule", "text", "قاعده", "rule", "the rule or code that decided"),
    _public("class_version", "text", "نسخهٔ رده‌بندی", "class version"),
    _public("class_confidence", "real", "اطمینان", "confidence", "0 to 1"),
)
SUPPLIER_COLUMNS = (
    _public(
        "supplier", "text", "کلید طرف قرارداد", "supplier key", "stable; `person` for all natural persons"
    ),
    _public("supplier_id", "text", "شناسهٔ معتبر", "valid supplier id", "empty for natural persons"),
    _public(
        "supplier_id_kind",
        "text",
        "نوع شناسه",
        "kind of id",
        "ir_legal, es_nif, eu_vat, local, name, person, none",
    ),
    _public("supplier_is_person", "bool", "شخص حقیقی", "natural person", required=True),
)
