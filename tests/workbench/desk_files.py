"""A city with one source, and the files that its offices hand in at the import desk."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from rasad.actions import cities, jobs

HEADER = "تاریخ,شماره سند,شرح,طرف قرارداد,مبلغ (ریال)\n"
FIRST = HEADER + (
    '1403/01/05,1,خرید رایانه,شرکت الف,"1,200,000"\n'
    "1403/01/06,2,اشتراک اینترنت,شرکت ب,350000\n"
    "1403/01/07,3,پشتیبانی سامانه,شرکت پ,سیصد هزار\n"
    "1403/13/40,4,صندلی,شرکت ت,7000\n"
    "1403/01/09,5,سرور,شرکت الف,90000000\n"
    "جمع کل,,,,91557000\n"
)
NEWER = HEADER + (
    '1403/01/05,1,خرید رایانه,شرکت الف,"1,250,000"\n'
    "1403/01/07,3,پشتیبانی سامانه,شرکت پ,300000\n"
    "1403/01/09,5,سرور,شرکت الف,90000000\n"
    "1403/01/10,6,نرم‌افزار,شرکت ث,500\n"
)
SOURCE = """
id = "karaj.payments"
title_fa = "پرداخت‌ها"
title_en = "Payments"
fiscal_year = { from = "date" }
identity = { columns = ["document_no"] }
[columns]
date = { names = ["تاریخ"] }
document_no = { names = ["شماره سند"] }
title = { names = ["شرح"] }
supplier_name = { names = ["طرف قرارداد"] }
[[amounts]]
stage = "paid"
names = ["مبلغ (ریال)"]
[numbers]
scale = "rial"
"""


def make_city(home: Path, *, source: bool = True) -> Path:
    """Make a home of a city, with its one source or with none."""
    cities.new_home(
        home=home,
        city="karaj",
        name_fa="کرج",
        name_en="Karaj",
        currency="IRR",
        calendar="jalali",
        residents=None,
    )
    shutil.rmtree(home / "sources")
    (home / "sources").mkdir()
    if source:
        (home / "sources" / "payments.toml").write_text(SOURCE, "utf-8")
    return home


def hand_in(client: Client, name: str, content: str | bytes, *further: tuple[str, bytes]) -> HttpResponse:
    """Hand files in at the desk, and return its answer."""
    body = content if isinstance(content, bytes) else content.encode()
    files = [SimpleUploadedFile(one, data) for one, data in ((name, body), *further)]
    return client.post("/en/imports/", {"files": files})  # type: ignore[return-value]


def workbook(rows: list[list[object]], sheet: str = "Sheet1") -> bytes:
    """Return a workbook with one sheet."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return into.getvalue()


def work() -> int:
    """Do what waits, as the worker does; return how many pieces of work that were."""
    count = 0
    while (job := jobs.take()) is not None:
        jobs.perform(job)
        count += 1
    return count
