"""Systems and data links of the sample city."""

from __future__ import annotations

from random import Random

from rasad.sample.register.days import Row, day
from rasad.sample.register.people import IT

SYSTEMS = (
    ("sys01", "مدیریت اسناد", IT, 1396, 1_900),
    ("sys02", "شهرسازی الکترونیک", "205", 1398, 640),
    ("sys03", "نوبت‌دهی اینترنتی", IT, 1400, 24_000),
    ("sys04", "مدیریت ناوگان", "304", 1399, 310),
    ("sys05", "درآمد و عوارض", "201", 1395, 420),
    ("sys06", "ارتباط مردمی 137", "203", 1394, 130),
    ("sys07", "مدیریت املاک", "201", 1397, 90),
    ("sys08", "حضور و غیاب", "206", 1393, 5_600),
    ("sys09", "انبار و اموال", "201", 1392, 210),
    ("sys10", "اطلاعات مکانی", IT, 1398, 350),
    ("sys11", "صدور پروانه", "205", 1402, 580),
    ("sys12", "مدیریت پروژه", "202", 1401, 160),
    ("sys13", "حضور و غیاب (منطقه سه)", "103", 1399, 300),
    ("sys14", "انبار و اموال (پسماند)", "301", 1400, 45),
    ("sys15", "پرتال خدمات شهروندی", IT, 1401, 88_000),
    ("sys16", "نظارت تصویری", "204", 1400, 60),
)
RETIRED = {"sys09": 1402}

LINKS = (
    # code, provider (unit or institution), consumer, data, agreed, in use, last seen
    ("l01", "i:civil", "u:309", "استعلام هویت", (1401, 8), (1402, 2), (1403, 12)),
    ("l02", "i:deeds", "u:205", "استعلام مالکیت", (1401, 10), None, None),
    ("l03", "i:power", "u:205", "کد اشتراک برق ملک", (1402, 3), None, None),
    ("l04", "i:gas", "u:205", "کد اشتراک گاز ملک", (1402, 3), None, None),
    ("l05", "i:water", "u:205", "کد اشتراک آب ملک", (1402, 4), (1402, 11), (1403, 2)),
    ("l06", "i:police", "u:204", "استعلام پلاک", (1400, 9), (1401, 1), (1403, 12)),
    ("l07", "i:bank", "u:201", "تأیید پرداخت", (1399, 5), (1399, 9), (1403, 12)),
    ("l08", "i:tax", "u:201", "استعلام بدهی مالیاتی", None, None, None),
    ("l09", "i:engineers", "u:205", "صلاحیت مهندسان", (1402, 6), (1403, 1), (1403, 12)),
    ("l10", "i:welfare", "u:306", "استعلام تخفیف", None, None, None),
    ("l11", "i:schools", "u:306", "مدارس همکار", None, None, None),
    ("l12", "i:governor", "u:200", "مکاتبات", (1401, 4), (1401, 7), (1402, 5)),
    ("l13", "u:205", "u:201", "پروانه‌های صادرشده", (1399, 11), (1400, 6), (1403, 12)),
    ("l14", "u:201", "u:205", "مفاصاحساب", (1400, 2), (1401, 3), (1403, 12)),
    ("l15", "u:309", "u:202", "نقشه پایه", (1400, 5), (1400, 8), (1403, 11)),
    ("l16", "u:309", "u:204", "نقشه پایه", (1400, 5), (1401, 2), (1403, 11)),
    ("l17", "u:309", "u:302", "نقشه پایه", (1402, 1), None, None),
    ("l18", "u:203", "u:309", "درخواست‌های 137", (1401, 6), (1401, 9), (1403, 12)),
    ("l19", "u:206", "u:201", "کارکنان و حقوق", (1399, 3), (1399, 6), (1403, 12)),
    ("l20", "u:304", "u:204", "جای اتوبوس‌ها", (1402, 8), (1402, 12), (1403, 4)),
    ("l21", "u:303", "u:204", "حادثه‌ها", None, None, None),
    ("l22", "u:201", "u:309", "پرداخت‌ها برای انتشار", (1402, 5), (1402, 10), (1403, 12)),
    ("l23", "i:university", "u:309", "پژوهش‌های شهری", (1403, 2), None, None),
    ("l24", "i:telecom", "u:309", "فیبر معابر", None, None, None),
)


def systems() -> list[Row]:
    """Return the systems; two units run their own for what another has already."""
    return [
        {
            "code": code,
            "name": f"سامانه {name}",
            "unit": unit,
            "purpose": name,
            "state": "retired" if code in RETIRED else "in_use",
            "in_use_since": day(year, 7, 1),
            "retired_on": day(RETIRED[code], 3, 31) if code in RETIRED else "",
            "users": str(users),
        }
        for code, name, unit, year, users in SYSTEMS
    ]


def links(random: Random) -> list[Row]:
    """Return the data links: some needed only, some agreed and never used, some not seen in use of late."""
    rows: list[Row] = []
    for code, provider, consumer, data, agreed, used, seen in LINKS:
        row = {"code": code, "data": data, "needed_since": day(1399, 4, 1)}
        for side, who in (("provider", provider), ("consumer", consumer)):
            kind, _, name = who.partition(":")
            row[f"{side}_{'unit' if kind == 'u' else 'institution'}"] = name
        row["legal_basis"] = "آیین‌نامه تبادل داده" if agreed else ""
        row["agreed_on"] = day(*agreed, random.randint(1, 28)) if agreed else ""
        row["in_use_since"] = day(*used, random.randint(1, 28)) if used else ""
        row["last_seen_on"] = day(*seen, 29) if seen else ""
        row["trips_saved"] = str(random.randrange(2_000, 40_000, 500)) if used else ""
        rows.append(row)
    return rows
