"""Every component on one page, with invented figures, for those who work on the theme."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from rasad.web.theme import labels, show
from rasad.web.theme.charts import Chart, Item, Series
from rasad.web.theme.parts import (
    Chip,
    Column,
    Download,
    Fact,
    Field,
    Matrix,
    Option,
    Pages,
    Stat,
    Table,
)
from rasad.web.theme.plots import Arrow, Axis, Dot, Layer, Limit, Map, Scatter, Stack, Station
from rasad.web.theme.site import Link, Site

AMOUNTS = {
    "hardware": 412_300_450_000,
    "software": 188_120_000_000,
    "services": 143_905_200_000,
    "staff": 97_440_000_000,
    "telecom_cloud": 61_008_730_000,
    "other_it": 22_700_000_000,
    "not_it": 38_000_000_000,
    "unknown": 17_914_120_000,
}
HASH = "9f2c1d7ab04e5c38a6f1720be94d5c0187aa3e6620fd41b9c8e7d5f0a1b2c3d4"


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component in the language of the address."""
    return render(request, "theme/gallery.html", _context())


def _t(fa: str, en: str) -> str:
    """The gallery's own texts stand here in both languages, so that the catalogues hold only what readers see."""
    return fa if (get_language() or "fa").startswith("fa") else en


def _context() -> dict[str, Any]:
    total = sum(AMOUNTS.values())
    return {
        "site": _site(),
        "crumbs": (
            Link(_t("خانه", "Home"), "/"),
            Link(_t("پول", "Money"), "/"),
            Link(_t("نگارخانه", "Gallery"), ""),
        ),
        "headline": Stat(
            _t("پرداخت‌شده برای فناوری اطلاعات در ۱۴۰۳", "Paid for IT in 1403"),
            amount=total,
            note=_t("از ۲٬۱۴۸ ردیف؛ ۱٫۸٪ آن هنوز رده ندارد", "in 2,148 lines; 1.8% of it has no class yet"),
        ),
        "stats": _stats(total),
        "classes": list(AMOUNTS),
        "by_class": _by_class(total),
        "suppliers": _suppliers(),
        "no_rows": Table(
            "none", _t("جدول تهی", "A table without rows"), [Column("a", _t("نام", "Name"))], []
        ),
        "fields": _fields(),
        "chips": [
            Chip(str(labels.DIMENSIONS["unit"]), _t("سازمان فاوا", "IT organisation"), "?"),
            Chip(str(labels.DIMENSIONS["fiscal_year"]), show.digits_of(1403, get_language() or "fa"), "?"),
        ],
        "pages": Pages(2, 43, 51, 100, 2148, "?page=1", "?page=3"),
        "downloads": [Download(name, f"?format={name.lower()}") for name in ("CSV", "XLSX", "JSON")],
        "facts": _facts(),
        "plain_facts": [
            Fact(_t("شمارهٔ ردیف", "Row"), 1204, "number"),
            Fact(_t("اثر انگشت پرونده", "File hash"), HASH, "hash"),
        ],
        "hash": HASH,
        "stages": _stages(),
        "openness": _openness(),
        "changes": _changes(),
        "differences_chart": _differences(),
        "by_class_chart": _class_chart(),
        "years": _years(),
        "tiles": _tiles(),
        "lines": _lines(),
        "spent": _spent(),
        "front": _front(),
        "map": _map(),
    }


def _site() -> Site:
    return Site(
        city=_t("نمونه‌شهر", "Sample City"),
        currency="IRR",
        calendar="jalali",
        sample=True,
        home_url="/",
        search_url="/search/",
        nav=tuple(
            Link(_t(fa, en), "#", fa == "پول")
            for fa, en in (
                ("خانه", "Home"),
                ("پول", "Money"),
                ("بودجه و عملکرد", "Budget and execution"),
                ("داده‌ها", "Data"),
                ("روش", "Method"),
            )
        ),
        release_number="0007",
        release_hash=HASH,
        release_url="#",
        as_of=date(2025, 3, 20),
        licence="CC BY 4.0",
        licence_url="#",
        footer=(Link(_t("روش", "Method"), "#"), Link(_t("داده‌ها", "Data"), "#")),
    )


def _stats(total: int) -> list[Stat]:
    return [
        Stat(
            _t("بودجهٔ نهایی", "Final budget"),
            amount=total * 13 // 10,
            note=_t("پس از اصلاحیه", "after modifications"),
        ),
        Stat(
            _t("پرداخت ÷ بودجهٔ نهایی", "Paid ÷ final budget"),
            share=0.769,
            note=_t("پرداخت، نه پیشرفت", "spending, not progress"),
        ),
        Stat(_t("سرانه", "Per resident"), amount=490_700, note=_t("هر شهروند", "each resident")),
        Stat(_t("طرف‌های قرارداد", "Suppliers"), number=218, link="#"),
        Stat(_t("بی‌رده", "Without a class"), share=0.0182),
    ]


def _class_rows(total: int) -> list[dict[str, Any]]:
    return [
        {"cls": cls, "amount": amount, "share": amount / total, "lines": 40 + amount // 10**9, "url": "#"}
        for cls, amount in AMOUNTS.items()
    ]


def _by_class(total: int) -> Table:
    return Table(
        id="by-class",
        caption=_t("پرداخت‌ها بر پایهٔ رده", "Payments by class"),
        columns=[
            Column("cls", str(labels.DIMENSIONS["class"]), "class", link="url", sort="name"),
            Column("amount", _t("مبلغ", "Amount"), "money", sort="amount"),
            Column("share", _t("سهم", "Share"), "share", bar="cls"),
            Column("lines", _t("ردیف‌ها", "Lines"), "number", sort="lines"),
        ],
        rows=_class_rows(total),
        total={"amount": total, "share": 1.0, "lines": 2148},
        order="-amount",
    )


def _suppliers() -> Table:
    rows = [
        {
            "date": date(2025, 3, 18 - i),
            "title": title,
            "supplier": supplier,
            "url": "#",
            "cls": cls,
            "code": f"3404{i}021",
            "amount": amount,
            "stage": "paid",
            "hash": HASH,
        }
        for i, (title, supplier, cls, amount) in enumerate(
            (
                (
                    _t("خرید سرور و تجهیزات ذخیره‌سازی مرکز داده", "Servers and storage for the data centre"),
                    _t("رایان پردازش البرز", "Rayan Pardazesh Alborz"),
                    "hardware",
                    48_120_000_000,
                ),
                (
                    _t(
                        "پشتیبانی سامانهٔ شهرسازی، سه‌ماههٔ چهارم",
                        "Support of the planning system, fourth quarter",
                    ),
                    _t("نرم‌افزار شهرنگار", "Shahrnegar Software"),
                    "services",
                    9_430_500_000,
                ),
                (_t("اجارهٔ پهنای باند", "Bandwidth rental"), "", "telecom_cloud", 3_150_000_000),
                (
                    _t("برگشت پیش‌پرداخت", "Advance returned"),
                    _t("شخص حقیقی", "Natural person"),
                    "unknown",
                    -240_000_000,
                ),
            )
        )
    ]
    return Table(
        id="payments",
        caption=_t("واپسین پرداخت‌ها", "Latest payments"),
        columns=[
            Column("title", _t("شرح", "Description"), link="url", note="supplier"),
            Column("date", _t("تاریخ", "Date"), "date", sort="date"),
            Column("cls", str(labels.DIMENSIONS["class"]), "class"),
            Column("code", _t("کد", "Code"), "code"),
            Column("amount", _t("مبلغ", "Amount"), "money", unit="million", sort="amount"),
        ],
        rows=rows,
        order="-date",
    )


def _fields() -> list[Field]:
    lang = get_language() or "fa"
    return [
        Field(
            "by",
            _t("گروه‌بندی", "Grouped by"),
            "class",
            [Option(code, str(labels.DIMENSIONS[code])) for code in ("class", "unit", "supplier")],
            "radio",
        ),
        Field(
            "year",
            _t("سال مالی", "Fiscal year"),
            "1403",
            [Option(str(year), show.digits_of(year, lang)) for year in range(1403, 1398, -1)],
        ),
        Field(
            "class",
            str(labels.DIMENSIONS["class"]),
            "",
            [Option(code, str(name), 120) for code, name in labels.CLASSES.items()],
            empty=_t("همه", "All"),
        ),
        Field(
            "q", _t("در شرح", "In the description"), kind="text", placeholder=_t("مثلاً سرور", "e.g. server")
        ),
        Field("it", _t("تنها سازمان فاوا", "IT organisation only"), "1", kind="tick"),
    ]


def _facts() -> list[Fact]:
    return [
        Fact(_t("شرح", "Description"), _t("خرید سرور", "Purchase of servers"), raw="خريد  سرور"),
        Fact(_t("مبلغ", "Amount"), 48_120_000_000, "money", raw="۴۸٬۱۲۰"),
        Fact(_t("تاریخ", "Date"), date(2025, 3, 18), "date", raw="28/12/1403"),
        Fact(
            _t("رده", "Class"),
            "hardware",
            "class",
            link="#",
            note=_t("از روی قاعدهٔ hw-server، اطمینان ۹۰٪", "by the rule hw-server, confidence 90%"),
        ),
        Fact(_t("سند", "Document"), "A-1403/7781", "code", raw="A-1403/7781"),
        Fact(_t("قرارداد", "Contract"), "", "code", raw=""),
    ]


def _stages() -> Matrix:
    stages = ("initial", "final", "committed", "paid")
    cells: list[Sequence[int | None]] = [
        [amount * part // 100 for part in (110, 130, 115, 100)] for amount in list(AMOUNTS.values())[:5]
    ]
    return Matrix(
        id="stages",
        caption=_t("بودجه در برابر عملکرد", "Budget against execution"),
        corner=str(labels.DIMENSIONS["class"]),
        columns=[str(labels.STAGES[stage]) for stage in stages],
        rows=[str(labels.CLASSES[cls]) for cls in list(AMOUNTS)[:5]],
        cells=[*cells[:4], [cells[4][0], None, *cells[4][2:]]],
    )


def _openness() -> Matrix:
    lang = get_language() or "fa"
    return Matrix(
        id="openness",
        caption=_t("چند درصد ردیف‌ها چه دارند", "Share of lines that carry"),
        corner=str(labels.DIMENSIONS["fiscal_year"]),
        columns=[
            _t("طرف قرارداد", "Supplier"),
            _t("تاریخ", "Date"),
            _t("شرح", "Description"),
            _t("قرارداد", "Contract"),
        ],
        rows=[show.digits_of(year, lang) for year in (1401, 1402, 1403)],
        cells=[[0.42, 0.98, 1.0, 0.0], [0.55, 0.99, 1.0, 0.18], [0.81, 1.0, 1.0, None]],
        kind="share",
    )


def _item(cls: str, amount: int) -> Item:
    number, unit = show.scaled_amount(amount, "IRR", "billion", get_language() or "fa")
    return Item(str(labels.CLASSES[cls]), amount / 10**9, f"{number} {unit}", cls, f"?class={cls}")


def _class_chart() -> Chart:
    unit = show.unit_name("billion", "IRR", get_language() or "fa")
    items = [
        Item(item.name, item.value, item.text.split(" ")[0], item.cls, item.url)
        for item in (_item(cls, amount) for cls, amount in AMOUNTS.items())
    ]
    return Chart(
        "chart-class",
        "bar",
        _t("سهم رده‌ها", "Classes"),
        unit=unit,
        subtitle=_t("پرداخت‌شده، ۱۴۰۳", "Paid, 1403"),
        items=items,
    )


DIFFERENCES = {"hardware": 84_300_000_000, "software": -31_020_000_000, "services": 12_905_000_000}


def _changes() -> Table:
    rows = [
        {"cls": cls, "difference": amount, "change": amount / AMOUNTS[cls]}
        for cls, amount in DIFFERENCES.items()
    ]
    return Table(
        id="changes",
        caption=_t("تفاوت با سال پیش", "Against the year before"),
        columns=[
            Column("cls", _t("رده", "Class"), "class"),
            Column("difference", _t("تفاوت", "Difference"), "difference"),
            Column("change", _t("تغییر", "Change"), "change"),
        ],
        rows=rows,
    )


def _differences() -> Chart:
    lang = get_language() or "fa"
    items = []
    for cls, amount in DIFFERENCES.items():
        text = show.scaled_amount(amount, "IRR", "billion", lang)[0]
        items.append(Item(str(labels.CLASSES[cls]), amount / 10**9, show.signed(text, amount, lang)))
    return Chart(
        "chart-differences",
        "diverging",
        _t("تفاوت با سال پیش", "Against the year before"),
        unit=show.unit_name("billion", "IRR", lang),
        items=items,
    )


def _tiles() -> Chart:
    return Chart(
        "chart-tiles",
        "treemap",
        _t("همهٔ پرداخت‌ها", "All payments"),
        items=[_item(cls, amount) for cls, amount in AMOUNTS.items()],
        source=_t("منبع: انتشار ۰۰۰۷", "Source: release 0007"),
    )


def _layers() -> list[Series]:
    lang = get_language() or "fa"
    return [
        Series(
            str(labels.CLASSES[cls]),
            [amount * factor / 10**11 for factor in (40, 58, 66, 81, 100)],
            [
                show.scaled_amount(amount * factor // 100, "IRR", "billion", lang)[0]
                for factor in (40, 58, 66, 81, 100)
            ],
            cls,
        )
        for cls, amount in AMOUNTS.items()
    ]


def _years() -> Chart:
    lang = get_language() or "fa"
    return Chart(
        "chart-years",
        "stacked",
        _t("پنج سال", "Five years"),
        unit=show.unit_name("billion", "IRR", lang),
        categories=[show.digits_of(year, lang) for year in range(1399, 1404)],
        series=_layers(),
    )


def _lines() -> Chart:
    lang = get_language() or "fa"
    paid, budget = _layers()[0], _layers()[1]
    return Chart(
        "chart-lines",
        "line",
        _t("بودجه و پرداخت", "Budget and payment"),
        unit=show.unit_name("billion", "IRR", lang),
        categories=[show.digits_of(year, lang) for year in range(1399, 1404)],
        series=[
            Series(str(labels.STAGES["final"]), paid.values, paid.texts),
            Series(
                str(labels.STAGES["paid"]), [*list(budget.values)[:-1], None], [*list(budget.texts)[:-1], ""]
            ),
        ],
    )


def _number(value: float) -> str:
    return show.grouped(round(value), get_language() or "fa")


def _spent() -> Stack:
    years = [show.digits_of(year, get_language() or "fa") for year in range(1405, 1410)]
    rows = {
        "hardware": (90, 110, 60, 40, 55),
        "software": (70, 80, 120, 150, 90),
        "services": (40, 35, 60, 55, 70),
    }
    return Stack(
        "spent",
        _t("هزینه به تفکیک رده", "Spending by class"),
        _t("میلیارد ریال", "billion rials"),
        categories=years,
        axis=Axis("", _number),
        layers=[Layer(str(labels.CLASSES[cls]), row, [_number(one) for one in row], cls) for cls, row in rows.items()],
        limits=[
            Limit(_t("بودجه", "budget"), (210, 230, 260, 260, 240), ()),
            Limit(_t("سقف سخت‌افزار", "cap on hardware"), (80, 90, 96, 98, 86), (), "cap", "hardware"),
        ],
    )  # fmt: skip


def _front() -> Scatter:
    places = ((12, 900), (35, 860), (61, 780), (80, 640), (94, 430), (101, 120))
    return Scatter(
        "front",
        _t("بده‌بستان", "Trade-off"),
        x=Axis(_t("کاهش مراجعه", "Fewer trips"), _number, _t("بیشتر بهتر", "more is better")),
        y=Axis(_t("شفافیت", "Openness"), _number, _t("بیشتر بهتر", "more is better")),
        dots=[
            Dot(x, y, _number(at), f"{_number(x)} · {_number(y)}", "#", "chosen" if at == 3 else "")
            for at, (x, y) in enumerate(places, 1)
        ],
        line=True,
    )


def _map() -> Map:
    names = {
        "a": _t("شبکهٔ فیبر", "Fibre"),
        "b": _t("ورود یگانه", "Single sign-on"),
        "c": _t("میز خدمت برخط", "Services online"),
        "d": _t("حسگرهای ترافیک", "Traffic sensors"),
        "e": _t("پروانهٔ بی‌مراجعه", "Permits without a visit"),
    }
    return Map(
        "map",
        _t("پیش‌نیازها", "Prerequisites"),
        stations=[
            Station(key, name, note=_number(1405), mark="fixed" if key == "a" else "" if key == "d" else "inside")
            for key, name in names.items()
        ],
        arrows=[Arrow("a", "d"), Arrow("b", "c"), Arrow("c", "e", "+1"), Arrow("a", "e")],
        key=[("inside", _t("در برنامه", "in the plan")), ("", _t("بیرون", "left out")), ("fixed", _t("در دست اجرا", "running already"))],
    )  # fmt: skip
