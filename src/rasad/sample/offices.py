"""How each office exports each year: headings, hands, file forms, and the rows it gets wrong."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rasad.sample.city import ITEMS, NAME, PROGRAMMES, UNITS
from rasad.sample.spelling import Hand
from rasad.sample.spending import Contract, Payment


@dataclass(frozen=True)
class Broken:
    """A row that nobody can read: which cell is wrong (its heading's key), what stands there, and the problem's code."""

    cell: str
    text: str
    code: str


@dataclass(frozen=True)
class Export:
    """One kind of export: how its file is written, its title rows, its headings (key → text, in order)."""

    file: str
    encoding: str
    delimiter: str
    titles: tuple[str, ...]
    headings: dict[str, str]
    broken: tuple[Broken, ...] = ()
    sheets: tuple[str, ...] = ("",)
    total: str = "جمع کل"
    newline: str = "\r\n"
    bom: bool = False
    quote_all: bool = False


PAYMENTS: dict[int, Export] = {
    1399: Export(
        "payments_1399.csv",
        "windows-1256",
        ";",
        (f"شهرداري {NAME}", "گزارش پرداخت‌هاي سال 1399 - معاونت مالي و اقتصادي", ""),
        {
            "document": "شماره سند",
            "date": "تاريخ سند",
            "unit_code": "كد واحد",
            "unit": "نام واحد",
            "item_code": "كد بودجه",
            "item": "عنوان هزينه",
            "title": "شرح",
            "amount": "مبلغ (ريال)",
            "payee": "ذينفع",
            "payee_id": "شناسه/كد ملي",
            "contract": "شماره قرارداد",
        },
        (
            Broken("amount", "نامشخص", "amount"),
            Broken("date", "1399/13/40", "date"),
        ),
    ),
    1400: Export(
        "payments_1400.csv",
        "utf-8",
        ",",
        (f"شهرداری {NAME}", "گزارش پرداخت‌های سال ۱۴۰۰"),
        {
            "document": "ش. سند",
            "date": "تاریخ پرداخت",
            "unit_code": "کد واحد",
            "unit": "واحد سازمانی",
            "programme_code": "کد برنامه",
            "programme": "برنامه",
            "item_code": "کد اقتصادی",
            "item": "فصل هزینه",
            "title": "بابت",
            "payee": "طرف حساب",
            "payee_id": "شناسه ملی",
            "amount": "مبلغ پرداختی",
            "contract": "قرارداد",
        },
        (
            Broken("date", "۱۴۰۰/۱۲/۳۰", "date"),
            Broken("amount", "نامشخص", "amount"),
            Broken("", "", "row_short"),
        ),
        bom=True,
    ),
    1401: Export(
        "payments_1401.xlsx",
        "",
        "",
        (f"شهرداری {NAME}", "دفتر پرداخت‌ها، سال مالی ۱۴۰۱ (مبالغ به ریال)"),
        {
            "document": "شماره سند",
            "date": "تاریخ",
            "unit_code": "کد واحد",
            "unit": "نام واحد",
            "programme_code": "کد برنامه",
            "programme": "عنوان برنامه",
            "item_code": "کد بودجه",
            "item": "عنوان بودجه",
            "title": "شرح سند",
            "amount": "مبلغ",
            "payee": "نام ذی‌نفع",
            "payee_id": "شناسه/کد ملی",
            "contract": "شماره قرارداد",
        },
        (
            Broken("date", "1401/12/30", "date"),
            Broken("amount", "در حال بررسی", "amount"),
        ),
        sheets=("نیمه اول", "نیمه دوم"),
    ),
    1402: Export(
        "payments_1402.tsv.gz",
        "utf-8",
        "\t",
        ("گزارش عملکرد پرداخت ۱۴۰۲",),
        {
            "unit_code": "کد واحد",
            "unit": "نام‌واحد",
            "date": "تاریخ سند",
            "document": "شماره‌سند",
            "contract": "شماره‌قرارداد",
            "programme_code": "کد برنامه",
            "programme": "عنوان برنامه",
            "item_code": "کد بودجه",
            "item": "عنوان هزینه",
            "title": "شرح پرداخت",
            "payee": "ذی‌نفع",
            "payee_id": "شناسه ملی / کد ملی",
            "amount": "مبلغ به ریال",
        },
        (
            Broken("date", "۱۴۰۲/۱۳/۴۰", "date"),
            Broken("date", "۳۰ اسفند ۱۴۰۲", "date"),
            Broken("", "", "row_short"),
        ),
        newline="\n",
    ),
    1403: Export(
        "payments_1403.csv",
        "utf-8",
        ",",
        (),
        {
            "document": "شماره سند",
            "date": "تاریخ سند",
            "unit_code": "کد واحد",
            "unit": "واحد",
            "programme_code": "کد برنامه",
            "programme": "برنامه",
            "item_code": "کد بودجه",
            "item": "ردیف بودجه",
            "title": "شرح",
            "amount": "مبلغ (ریال)",
            "payee": "طرف قرارداد",
            "payee_id": "شناسه ملی طرف",
            "contract": "شماره قرارداد",
        },
        (
            Broken("amount", "نامشخص", "amount"),
            Broken("date", "1403/00/17", "date"),
        ),
        newline="\n",
        quote_all=True,
    ),
}

_BUDGET_HEADINGS = {
    "unit_code": "کد واحد",
    "unit": "نام واحد",
    "code": "کد بودجه",
    "name": "عنوان",
    "programme_code": "کد برنامه",
    "programme": "برنامه",
    "initial": "مصوب",
    "modification": "اصلاحیه",
    "final": "بودجه نهایی",
    "allocated": "تخصیص",
    "committed": "تعهد",
    "paid": "پرداخت",
}
_BUDGET_VARIANT = _BUDGET_HEADINGS | {
    "name": "شرح ردیف",
    "initial": "اعتبار مصوب",
    "modification": "متمم و اصلاحیه",
    "final": "اعتبار نهایی",
    "allocated": "تخصیص یافته",
    "committed": "تعهد شده",
    "paid": "عملکرد پرداخت",
}
BUDGETS: dict[int, tuple[Export, int]] = {
    1399: (Export("budget_1399.csv", "windows-1256", ";", (f"بودجه و عملكرد سال 1399 شهرداري {NAME}",), {k: v.replace("ی", "ي").replace("ک", "ك") for k, v in _BUDGET_HEADINGS.items()}), 1),
    1400: (Export("budget_1400.csv", "utf-8", ",", (f"شهرداری {NAME}", "بودجه و عملکرد سال ۱۴۰۰"), _BUDGET_HEADINGS, bom=True), 1),
    1401: (Export("budget_1401_million.xlsx", "", "", (f"شهرداری {NAME}", "تفریغ بودجه سال ۱۴۰۱", "ارقام به میلیون ریال"), _BUDGET_VARIANT, sheets=("بودجه",)), 1_000_000),
    1402: (Export("budget_1402.csv", "utf-8", ",", ("بودجه و عملکرد سال ۱۴۰۲ (ریال)",), _BUDGET_VARIANT, broken=(Broken("initial", "نامشخص", "amount"),), newline="\n"), 1),
    1403: (Export("budget_1403.xlsx", "", "", (f"شهرداری {NAME}", "بودجه و عملکرد سال ۱۴۰۳"), _BUDGET_HEADINGS, sheets=("بودجه",)), 1),
}  # fmt: skip
"""Fiscal year → (its file, how many rials one unit of its figures is)."""

_CONTRACT_HEADINGS = {
    "number": "شماره قرارداد",
    "year": "سال",
    "subject": "موضوع قرارداد",
    "unit_code": "کد واحد",
    "unit": "واحد",
    "method": "روش معامله",
    "signed": "تاریخ قرارداد",
    "start": "تاریخ شروع",
    "end": "تاریخ پایان",
    "amount": "مبلغ قرارداد (ریال)",
    "payee": "پیمانکار",
    "payee_id": "شناسه ملی",
}
CONTRACTS: dict[tuple[int, ...], Export] = {
    (1399, 1400, 1401, 1402): Export(
        "contracts_1399_1402.xlsx", "", "", (f"شهرداری {NAME}", "فهرست قراردادها ۱۳۹۹ تا ۱۴۰۲"), _CONTRACT_HEADINGS, sheets=("قراردادها",)
    ),
    (1403,): Export(
        "contracts_1403.csv",
        "utf-8",
        ",",
        ("فهرست قراردادهای سال ۱۴۰۳",),
        _CONTRACT_HEADINGS | {"subject": "موضوع", "payee": "طرف قرارداد", "amount": "مبلغ", "signed": "تاریخ عقد"},
        broken=(Broken("amount", "نامشخص", "amount"),),
        bom=True,
    ),
}  # fmt: skip


def hand(random: Random, year: int) -> Hand:
    """Return how the finance office of that year typed."""
    match year:
        case 1399:
            return Hand(
                random, code_page=True, spaces=0.35, thousands=(",",), dates={"slashes": 0.9, "loose": 0.1}
            )
        case 1400:
            return Hand(
                random,
                arabic=0.35,
                spaces=0.2,
                joined=0.06,
                persian_digits=0.75,
                thousands=("٬", "٬", ","),
                dates={"slashes": 0.7, "loose": 0.3},
            )
        case 1401:
            return Hand(random, arabic=0.12, spaces=0.3, dates={"hyphens": 0.6, "compact": 0.4})
        case 1402:
            return Hand(
                random,
                arabic=0.2,
                spaces=0.1,
                joined=0.1,
                persian_digits=0.5,
                thousands=("٬", "", ","),
                dates={"slashes": 0.6, "words": 0.3, "loose": 0.1},
            )
        case _:
            return Hand(
                random, arabic=0.05, spaces=0.15, joined=0.02, persian_digits=0.1, thousands=(",",), dates={"slashes": 0.85, "two_digits": 0.15}
            )  # fmt: skip


def payment_cells(
    payment: Payment, hand: Hand, headings: dict[str, str], *, numbers: bool
) -> list[str | int]:
    """Return the cells of one payment in the order of its file's headings; amounts as numbers in a workbook."""
    unit, item = UNITS[payment.unit], ITEMS[payment.kind.item]
    programme = item.programme
    payee = hand.random.choice(payment.payee.spellings)
    title = payment.title
    if payment.payee.person and hand.random.random() < 0.08:
        # What must never leave the ledger stands in free text too.
        title = f"{title}، {payment.payee.name} به کد ملی {payment.payee.id}"
    cells: dict[str, str | int] = {
        "document": payment.document,
        "date": hand.date(payment.year, payment.month, payment.day),
        "unit_code": unit.code,
        "unit": hand.text(unit.name),
        "programme_code": programme,
        "programme": hand.text(PROGRAMMES[programme]),
        "item_code": item.code,
        "item": hand.text(item.name),
        "title": hand.text(title),
        "amount": payment.amount if numbers else hand.amount(payment.amount),
        "payee": hand.text(payee),
        "payee_id": hand.digits(payment.payee.id) if not hand.code_page else payment.payee.id,
        "contract": payment.contract,
    }
    if numbers:
        # A workbook turns whatever looks like a number into one.
        for key in ("date", "unit_code", "programme_code", "item_code", "payee_id"):
            if (text := str(cells[key])).isascii() and text.isdigit():
                cells[key] = int(text)
    return [cells[key] for key in headings]


def contract_cells(
    contract: Contract, hand: Hand, headings: dict[str, str], *, numbers: bool
) -> list[str | int]:
    """Return the cells of one contract in the order of its file's headings."""
    unit = UNITS[contract.unit]
    cells: dict[str, str | int] = {
        "number": contract.number,
        "year": str(contract.year),
        "subject": hand.text(contract.subject),
        "unit_code": unit.code,
        "unit": hand.text(unit.name),
        "method": hand.text(contract.method),
        "signed": hand.date(*contract.signed),
        "start": hand.date(*contract.start),
        "end": hand.date(*contract.end),
        "amount": contract.amount if numbers else hand.amount(contract.amount),
        "payee": hand.text(hand.random.choice(contract.payee.spellings)),
        "payee_id": contract.payee.id,
    }
    return [cells[key] for key in headings]
