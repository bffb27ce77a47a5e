"""Makes the workbook of which payments.xls and payments.ods are LibreOffice's own conversions."""

from datetime import date

import xlsxwriter

with xlsxwriter.Workbook("payments.xlsx") as book:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    old = book.add_worksheet("پیش‌نویس")
    old.hide()
    old.write_row(0, 0, ["تاریخ", "شرح", "ذی‌نفع", "مبلغ (ریال)"])
    old.write_row(1, 0, ["1402/01/01", "کهنه", "الف", 1])
    sheet = book.add_worksheet("پرداخت‌ها")
    sheet.activate()
    sheet.set_first_sheet()
    merged = book.add_format({"align": "center", "valign": "vcenter"})
    sheet.merge_range("A1:E1", "شهرداری نمونه", merged)
    sheet.merge_range("A2:A3", "تاریخ", merged)
    sheet.merge_range("B2:B3", "شرح", merged)
    sheet.merge_range("C2:C3", "ذی‌نفع", merged)
    sheet.merge_range("D2:E2", "مبلغ (ریال)", merged)
    sheet.write_row("D3", ["بدهکار", "بستانکار"])
    sheet.write_row("A4", ["1403/01/05", "رایانه", "الف", 12_345_678_901_234])
    sheet.merge_range("A5:A6", "1403/02/06", merged)
    sheet.write_row("B5", ["کاغذ", "ب", 500])
    sheet.write_row("B6", ["مداد", "پ"])
    sheet.write_number("E6", 20)
    sheet.write_datetime("A7", date(2024, 7, 2), day)
    sheet.write_row("B7", ["چاپ", "ت", 7])
    sheet.write_number("A8", 45506)
    sheet.write_row("B8", ["میز", "ث"])
    sheet.merge_range("D8:D9", 90, merged)
    sheet.write_row("A9", ["1403/05/12", "صندلی", "ث"])
    sheet.write("A10", "جمع کل")
    sheet.write_formula("D10", "=SUM(D4:D9)", None, 12_345_678_901_831)
    sheet.write_formula("E10", "=SUM(E4:E9)", None, 20)
    sheet.write("A12", "تهیه‌کننده: امور مالی")
