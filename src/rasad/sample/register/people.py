"""Units, institutions, posts, staff and resolutions of the sample city."""

from __future__ import annotations

from random import Random

from rasad.sample.city import NAME, UNITS, YEARS
from rasad.sample.register.days import Row, day, last_day

ROOT = "100"
IT = "309"
IT_SECTIONS = (
    ("3091", "معاونت زیرساخت و ارتباطات"),
    ("3092", "معاونت سامانه‌ها"),
    ("3093", "دفتر داده و پیوندها"),
)
INSTITUTIONS = (
    ("civil", "اداره ثبت احوال", "government"),
    ("deeds", "اداره ثبت اسناد و املاک", "judiciary"),
    ("police", "پلیس راهور", "government"),
    ("power", "شرکت توزیع برق", "utility"),
    ("gas", "شرکت گاز", "utility"),
    ("water", "شرکت آب و فاضلاب", "utility"),
    ("telecom", "شرکت مخابرات", "utility"),
    ("bank", "بانک عامل شهرداری", "bank"),
    ("university", "دانشگاه نمونه‌شهر", "university"),
    ("tax", "اداره امور مالیاتی", "government"),
    ("welfare", "اداره بهزیستی", "government"),
    ("schools", "اداره آموزش و پرورش", "government"),
    ("engineers", "سازمان نظام مهندسی", "association"),
    ("governor", "فرمانداری", "government"),
)
SKILLS = (
    ("برنامه‌نویسی", 6, 11),
    ("تحلیل و طراحی خدمت", 1, 4),
    ("پایگاه داده", 2, 4),
    ("علم داده", 0, 2),
    ("شبکه و مرکز داده", 9, 10),
    ("امنیت اطلاعات", 2, 4),
    ("پشتیبانی کاربران", 14, 12),
    ("مدیریت پروژه", 2, 4),
)
"""Skill, heads in the first year, heads in the last."""
WORKING_DAYS = 210

RESOLUTIONS = (
    ("ش/99/41", 1399, 3, "برنامه پنج‌ساله شهر الکترونیک", "برنامه‌ریزی"),
    ("ش/99/118", 1399, 10, "یکپارچه‌سازی سامانه‌های درآمد و شهرسازی", "برنامه و بودجه"),
    ("ش/400/27", 1400, 2, "توسعه نظارت تصویری معابر", "حمل‌ونقل و ترافیک"),
    ("ش/400/96", 1400, 8, "خرید متمرکز تجهیزات رایانه‌ای", "برنامه و بودجه"),
    ("ش/401/12", 1401, 1, "تشکیل کارگروه تحول اداری", "برنامه و بودجه"),
    ("ش/401/60", 1401, 5, "اتصال استعلام‌ها به دستگاه‌های بیرونی", "حقوقی"),
    ("ش/401/133", 1401, 11, "سقف سهم سخت‌افزار در بودجه فناوری", "برنامه و بودجه"),
    ("ش/402/38", 1402, 4, "انتشار عمومی داده‌های مالی", "نظارت"),
    ("ش/402/77", 1402, 7, "بازنگری پروژه‌های سازمان فناوری اطلاعات", "برنامه و بودجه"),
    ("ش/403/9", 1403, 1, "نقشه راه شهر الکترونیک ۱۴۰۴ تا ۱۴۰۸", "برنامه‌ریزی"),
    ("ش/403/52", 1403, 6, "میز خدمت الکترونیک مناطق", "خدمات شهری"),
    ("ش/401/140", 1401, 12, "نقشه راه شهر الکترونیک ۱۴۰۲ تا ۱۴۰۶", "برنامه‌ریزی"),
    ("ش/403/118", 1403, 11, "بازنگری نقشه راه شهر الکترونیک: ۱۴۰۴ تا ۱۴۰۸", "برنامه‌ریزی"),
)


def units() -> list[Row]:
    """Return the municipality, its units and the IT organisation's sections."""
    kinds = {"1": "district", "2": "department", "3": "organisation"}
    rows = [{"code": ROOT, "name": f"شهرداری {NAME}", "parent": "", "kind": "organisation", "is_it": "false"}]
    rows += [
        {
            "code": unit.code,
            "name": unit.name,
            "parent": ROOT,
            "kind": "office" if unit.code in ("200", "207") else kinds[unit.code[0]],
            "is_it": str(unit.code == IT).lower(),
        }
        for unit in UNITS
    ]
    rows += [
        {"code": code, "name": name, "parent": IT, "kind": "section", "is_it": "true"}
        for code, name in IT_SECTIONS
    ]
    return rows


def institutions() -> list[Row]:
    """Return the institutions outside."""
    return [{"code": code, "name": name, "kind": kind} for code, name, kind in INSTITUTIONS]


def posts() -> list[Row]:
    """Return posts; nobody is named."""
    titles = [
        (IT, "مدیرعامل سازمان"),
        *((code, "معاون") for code, _ in IT_SECTIONS),
        ("206", "معاون برنامه‌ریزی"),
    ]
    return [{"unit": unit, "title": title, "valid_from": day(1400, 6, 20)} for unit, title in titles]


def staff(random: Random) -> list[Row]:
    """Return head counts and capacity of the IT organisation by skill at the end of each year."""
    rows: list[Row] = []
    years = list(YEARS)
    for skill, first, last in SKILLS:
        for place, year in enumerate(years):
            heads = first + round((last - first) * place / (len(years) - 1))
            rows.append(
                {
                    "unit": IT,
                    "skill": skill,
                    "as_of": last_day(year),
                    "heads": str(heads),
                    "capacity_days": str(heads * WORKING_DAYS),
                    "vacancies": str(random.choice((0, 0, 1, 2)) if last > first else 0),
                }
            )
    return rows


def resolutions(random: Random) -> list[Row]:
    """Return resolutions of the council."""
    rows: list[Row] = []
    for place, (number, year, month, title, commission) in enumerate(RESOLUTIONS):
        absent = random.randint(0, 2)
        against = random.randint(0, 3)
        notified = place < len(RESOLUTIONS) - 1
        rows.append(
            {
                "number": number,
                "council_term": "5" if year < 1400 else "6",
                "commission": commission,
                "date": day(year, month, random.randint(1, 20)),
                "title": title,
                "subject": "فناوری اطلاعات",
                "state": "binding" if notified else "approved",
                "notified_no": f"{number}-ا" if notified else "",
                "notified_on": day(year, month, 28) if notified else "",
                "votes_for": str(13 - absent - against),
                "votes_against": str(against),
                "votes_abstaining": "0",
                "votes_absent": str(absent),
            }
        )
    return rows
