"""Words of problems that are the program's own: what a file turns out to be, what was expected of a cell, why the disk refuses.

A problem's `found` and `expected` are shown as they are, being a file's own text; but where they are one of these they are translated.
"""

from __future__ import annotations


def _n(message: str) -> str:
    """Mark a text for the catalogues; it is translated where it is shown."""
    return message


# What a file turns out to be.
BINARY = _n("binary data")
FOLDER = _n("a folder")
DEVICE = _n("a device")
A_FILE = _n("a file")
WEB_PAGE = _n("a web page without a table, of a log-in or an error perhaps; export it once more")
FRAMES = _n(
    "a web page whose sheets lie in a folder beside it; open it in a spreadsheet program and save it as XLSX"
)
OTHER_XML = _n("an XML file of another kind than a workbook; export it as XLSX or CSV")
JSON_DATA = _n("JSON data; export it as XLSX or CSV")
DBASE = _n("a table of dBASE or FoxPro (DBF); open it in a spreadsheet program and save it as XLSX")
OLD_WORKBOOK = _n("a workbook of Excel 4 or older; open it in a spreadsheet program and save it as XLSX")
LOCKED = _n("a file under a password; take the password off and save it")
NO_TABLE = _n("an office document without a sheet")
NESTED = _n("an archive inside an archive; unpack it and pack its files into one")

# How a file is damaged.
CUT_OFF = _n("it ends in the middle")
CHECK_SUM = _n("its check sum is wrong")
DEEP = _n("its parts stand within one another too deep")
QUOTE_OPEN = _n("a quotation mark is opened here and never closed")
QUOTE_TEXT = _n("text follows a closed quotation mark in the same cell")
DOCUMENT_TYPE = _n("it declares a document type of its own, as no office program does")
INSIDE = _n("its inner structure cannot be read")
TOO_LONG = _n("reading it takes longer than any workbook does")

# Why the system does not write.
DISK_FULL = _n("the disk is full")
DISK_FAILS = _n("the disk takes no more, or fails")
NOT_ALLOWED = _n("you may not write there")

# Why the system does not read.
NOT_READABLE = _n("you may not read it")
IN_A_CIRCLE = _n("its links lead in a circle")
NO_DISK = _n("the disk or the network does not give it out")
REFUSED = _n("the system refuses")

# What was expected of a cell.
A_FORMULAS_VALUE = _n("its value: open the file in a spreadsheet program, let it compute, and save it again")
NO_ERROR = _n("a figure: the spreadsheet program could not compute this cell")
ALL_DIGITS = _n("all its digits: a spreadsheet program has shortened it; export the column as text")
MINUS_BEFORE = _n(
    "a minus sign before the figure; other ways are read where the mapping says so (numbers.negative)"
)
OTHER_GROUPS = _n("a figure whose thousands are parted by a mark that the mapping names (numbers.thousands)")
SLASH = _n("a figure whose slash, before decimals, is named by the mapping (numbers.decimal)")
OWN_CURRENCY = _n("a figure alone; what may stand beside it is said by the mapping (numbers.marks)")
A_MONTH = _n("a month from 1 to 12")
A_DAY = _n("a day that this month has")
NO_LEAP_DAY = _n("a day of this year, which is no leap year and has no leap day")
A_JALALI_YEAR = _n("a year of the Jalali calendar")
A_GREGORIAN_YEAR = _n("a year of the Gregorian calendar")
A_DAYS_NUMBER = _n("a date; a spreadsheet's number of a day is read where the mapping says so (dates.serial)")
A_VALUE = _n("a value in it")
A_TEXT = _n("a text without it: look at the row in the system that it comes from")
A_LEGAL_ID = _n("a legal entity's national id of eleven digits")
A_NATIONAL_ID = _n("a natural person's national id of ten digits")
A_SHEBA = _n("a Sheba of IR and 24 digits")
A_NIF = _n("a Spanish tax id")

PHRASES = frozenset(
    {
        BINARY, FOLDER, DEVICE, A_FILE, WEB_PAGE, FRAMES, OTHER_XML, JSON_DATA, DBASE, OLD_WORKBOOK, LOCKED, NO_TABLE, NESTED, CUT_OFF, CHECK_SUM, DEEP, DOCUMENT_TYPE, INSIDE, TOO_LONG, QUOTE_OPEN, QUOTE_TEXT,
        DISK_FULL, DISK_FAILS, NOT_ALLOWED, NOT_READABLE, IN_A_CIRCLE, NO_DISK, REFUSED, A_FORMULAS_VALUE, NO_ERROR, ALL_DIGITS, MINUS_BEFORE, OTHER_GROUPS, OWN_CURRENCY, SLASH, A_MONTH, A_DAY,
        NO_LEAP_DAY, A_JALALI_YEAR, A_GREGORIAN_YEAR, A_DAYS_NUMBER, A_VALUE, A_TEXT, A_LEGAL_ID, A_NATIONAL_ID,
        A_SHEBA, A_NIF,
    }
)  # fmt: skip
