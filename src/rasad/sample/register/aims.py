"""Goals, indicators with targets and readings, and services with their channels."""

from __future__ import annotations

from random import Random

from rasad.sample.city import YEARS
from rasad.sample.register.days import Row, day, last_day, later
from rasad.sample.register.people import IT

GOALS = (
    ("g1", "خدمت بی‌مراجعه به شهروند", 3000, (
        ("g11", "پروانه و استعلام ساختمانی بی‌مراجعه", 4000),
        ("g12", "پرداخت و تسویه الکترونیک عوارض", 3500),
        ("g13", "نوبت و پیگیری درخواست از راه دور", 2500),
    )),
    ("g2", "پیوند داده میان واحدها و نهادها", 2500, (
        ("g21", "استعلام برخط از نهادهای بیرونی", 5500),
        ("g22", "داده پایه یگانه برای همه واحدها", 4500),
    )),
    ("g3", "شهر روان و ایمن", 1800, (
        ("g31", "مدیریت هوشمند ترافیک", 6000),
        ("g32", "آگاهی و پاسخ سریع در حادثه", 4000),
    )),
    ("g4", "شفافیت و پاسخ‌گویی", 1500, (
        ("g41", "انتشار داده‌های مالی و قراردادها", 6000),
        ("g42", "رسیدگی به درخواست‌های مردم", 4000),
    )),
    ("g5", "زیرساخت پایدار و امن", 700, (
        ("g51", "در دسترس بودن سامانه‌ها", 5000),
        ("g52", "امنیت داده شهروندان", 5000),
    )),
    ("g9", "تحقق شهر هوشمند", 500, ()),
)  # fmt: skip
GENERAL = "g9"

INDICATORS = (
    ("i111", "g11", "پروانه‌هایی که بی‌مراجعه صادر شد", "درصد", "up", 4, 61),
    ("i112", "g11", "روزهای صدور پروانه", "روز", "down", 74, 38),
    ("i121", "g12", "عوارضی که برخط پرداخت شد", "درصد", "up", 22, 71),
    ("i122", "g12", "مراجعه برای تسویه هر پرونده", "مراجعه", "down", 3.6, 1.4),
    ("i131", "g13", "درخواست‌هایی که از راه دور ثبت شد", "درصد", "up", 31, 58),
    ("i132", "g13", "زمان انتظار در دفتر خدمت", "دقیقه", "down", 47, 35),
    ("i211", "g21", "استعلام‌هایی که برخط پاسخ گرفت", "درصد", "up", 2, 33),
    ("i212", "g21", "روزهای پاسخ استعلام", "روز", "down", 12, 7),
    ("i221", "g22", "واحدهایی که از داده پایه یگانه بهره می‌برند", "واحد", "up", 1, 9),
    ("i222", "g22", "ملک‌هایی با یک کد یکتا", "درصد", "up", 18, 64),
    ("i311", "g31", "میانگین تأخیر در تقاطع‌ها", "ثانیه", "down", 68, 55),
    ("i312", "g31", "تقاطع‌های زمان‌بندی هوشمند", "تقاطع", "up", 3, 27),
    ("i321", "g32", "زمان رسیدن به حادثه", "دقیقه", "down", 8.9, 7.6),
    ("i411", "g41", "قراردادهای منتشرشده", "درصد", "up", 0, 46),
    ("i412", "g41", "روز از پرداخت تا انتشار", "روز", "down", 400, 190),
    ("i421", "g42", "درخواست‌های پاسخ‌گرفته در مهلت", "درصد", "up", 41, 66),
    ("i511", "g51", "در دسترس بودن سامانه‌های خدمت", "درصد", "up", 96.1, 99.2),
    ("i521", "g52", "آسیب‌پذیری‌های باز بیش از سی روز", "مورد", "down", 58, 24),
    ("i522", "g52", "کارکنان با ورود دوعاملی", "درصد", "up", 0, 37),
    ("i901", "g9", "امتیاز شهر هوشمند", "امتیاز", "up", 30, 44),
)
STALE = {"i132", "i212", "i521"}
"""Indicators that nobody has read for two years."""
WITHOUT_BASELINE = {"i221", "i901"}
WITHOUT_TARGET = {"i321", "i901"}

SERVICES = (
    ("s01", "صدور پروانه ساختمان", "205", 45, 5_200, "قانون شهرداری، ماده 100"),
    ("s02", "گواهی پایان کار", "205", 30, 4_100, "قانون شهرداری، ماده 100"),
    ("s03", "پرداخت عوارض نوسازی", "201", 1, 96_000, "قانون نوسازی و عمران شهری"),
    ("s04", "پرداخت عوارض کسب و پیشه", "201", 2, 31_000, "تعرفه عوارض محلی"),
    ("s05", "مفاصاحساب ملک", "201", 10, 18_500, "قانون شهرداری، ماده 74"),
    ("s06", "استعلام ضوابط ملک", "205", 5, 12_200, "طرح تفصیلی"),
    ("s07", "درخواست 137", "203", 3, 140_000, "مصوبه شورا"),
    ("s08", "مجوز حفاری", "202", 7, 2_600, "آیین‌نامه حفاری"),
    ("s09", "مجوز تردد بار", "204", 3, 9_800, "مصوبه ترافیک"),
    ("s10", "رزرو سالن ورزشی", "306", 1, 22_000, "تعرفه بهای خدمات"),
    ("s11", "آگهی و تبلیغات محیطی", "302", 10, 1_900, "مصوبه شورا"),
    ("s12", "درخواست داده و اسناد", "209", 10, 640, "قانون انتشار و دسترسی آزاد به اطلاعات"),
)


def goals() -> list[Row]:
    """Return the tree of goals with their weights."""
    rows: list[Row] = []
    for code, title, weight, children in GOALS:
        rows.append(
            {
                "code": code,
                "title": title,
                "parent": "",
                "weight_bp": str(weight),
                "is_general": str(code == GENERAL).lower(),
                "unit": IT,
                "source": "برنامه پنج‌ساله شهر الکترونیک",
                "valid_from": day(1399, 4, 1),
            }
        )
        rows += [
            {
                "code": child,
                "title": name,
                "parent": code,
                "weight_bp": str(part),
                "is_general": "false",
                "unit": IT,
                "source": "برنامه پنج‌ساله شهر الکترونیک",
                "valid_from": day(1399, 4, 1),
            }
            for child, name, part in children
        ]
    return rows


def indicators() -> list[Row]:
    """Return the indicators."""
    rows: list[Row] = []
    for code, _goal, title, measured_in, direction, first, _last in INDICATORS:
        known = code not in WITHOUT_BASELINE
        rows.append(
            {
                "code": code,
                "title": title,
                "measured_in": measured_in,
                "direction": direction,
                "baseline": f"{first}" if known else "",
                "baseline_date": day(1399, 1, 1) if known else "",
                "frequency": "yearly",
                "source": "سازمان فناوری اطلاعات و ارتباطات",
                "unit": IT,
            }
        )
    return rows


def goal_indicators() -> list[Row]:
    """Return which indicator tells of which goal."""
    return [{"goal": goal, "indicator": code} for code, goal, *_ in INDICATORS]


def targets() -> list[Row]:
    """Return what is aimed at by the end of 1403 and of 1405."""
    rows: list[Row] = []
    for code, _goal, _title, unit, direction, first, last in INDICATORS:
        if code in WITHOUT_TARGET:
            continue
        for year, reach in ((1403, 1.25), (1405, 1.7)):
            value = first + (last - first) * reach
            if unit == "درصد":
                value = min(value, 100.0)
            if direction == "down":
                value = max(value, 0.0)
            rows.append({"indicator": code, "due": last_day(year), "value": f"{value:.1f}"})
    return rows


def readings(random: Random) -> list[Row]:
    """Return yearly readings; some indicators were not read of late, and not every value can be traced."""
    rows: list[Row] = []
    years = list(YEARS)
    for code, _goal, _title, _unit, _direction, first, last in INDICATORS:
        for place, year in enumerate(years):
            if code in STALE and year > 1401:
                continue
            along = (place + random.uniform(-0.25, 0.25)) / (len(years) - 1)
            value = round(first + (last - first) * max(0.0, along), 1)
            row = {
                "indicator": code,
                "period_start": day(year),
                "period_end": last_day(year),
                "value": f"{value:.1f}",
                "source": "گزارش سالانه",
                "quality": random.choice(("measured", "measured", "estimate", "survey_extrapolation")),
            }
            if code == "i901":
                row["quality"] = "untraceable"
            rows.append(row)
    return rows


def services() -> list[Row]:
    """Return the services to citizens."""
    return [
        {
            "code": code,
            "name": name,
            "unit": unit,
            "audience": "شهروندان",
            "legal_basis": basis,
            "promised_days": str(days),
            "yearly_cases": str(cases),
            "is_active": "true",
        }
        for code, name, unit, days, cases, basis in SERVICES
    ]


def channels(random: Random) -> list[Row]:
    """Return the old and the new way to each service, and what each asks of a citizen."""
    rows: list[Row] = []
    for code, _name, _unit, days, cases, _basis in SERVICES:
        online = random.uniform(0.1, 0.7)
        trips = random.choice((1, 2, 2, 3, 4))
        rows.append(
            {
                "service": code,
                "kind": "in_person",
                "since": day(1390),
                "trips": str(trips),
                "waiting_minutes": str(random.randint(25, 80)),
                "travel_cost": str(random.randrange(150_000, 420_000, 10_000)),
                "elapsed_days": str(round(days * random.uniform(1.1, 1.9))),
                "yearly_cases": str(round(cases * (1 - online))),
            }
        )
        rows.append(
            {
                "service": code,
                "kind": "web",
                "since": later(day(1400, 3, 1), random.randint(0, 900)),
                "trips": random.choice(("0", "0", "0.4", "1")),
                "waiting_minutes": str(random.randint(0, 12)),
                "travel_cost": "0",
                "elapsed_days": str(max(1, round(days * random.uniform(0.5, 1.1)))),
                "yearly_cases": str(round(cases * online)),
            }
        )
    return rows
