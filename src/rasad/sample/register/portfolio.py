"""Projects of the sample city: what was promised, what became of it, and what each is for."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from rasad.sample.register.days import Row, day, last_day, later
from rasad.sample.register.people import IT

MILLION = 1_000_000


@dataclass(frozen=True)
class Plan:
    """One project as the sample tells it. `budget` in million rials; `ends` is the Jalali year in which it was to end at first."""

    code: str
    title: str
    unit: str
    kind: str
    starts: int
    ends: int
    budget: int
    fate: str
    goals: tuple[tuple[str, int], ...] = ()
    services: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    resolution: str = ""
    words: tuple[str, ...] = ()
    """Words of payments' titles by which a rule knows it."""
    units: tuple[str, ...] = ()
    """Units whose payments with those words are meant; all where empty."""


PLANS = (
    Plan("p01", "سامانه یکپارچه شهرسازی و درآمد", IT, "new_system", 1399, 1402, 420_000, "rebaselined_twice", (("g11", 6000), ("g12", 4000)), ("s01", "s02", "s05"), ("u:205", "u:201"), "ش/99/118", ("شهرسازی الکترونیک", "درآمد و عوارض")),
    Plan("p02", "میز خدمت الکترونیک شهروندی", IT, "new_system", 1400, 1403, 180_000, "late", (("g13", 7000), ("g11", 3000)), ("s06", "s07"), ("u:203",), "ش/403/52", ("نوبت‌دهی اینترنتی", "ارتباط مردمی 137")),
    Plan("p03", "توسعه نظارت تصویری معابر", "204", "infrastructure", 1400, 1402, 900_000, "on_course", (("g31", 5000), ("g32", 5000)), (), ("i:police",), "ش/400/27", ("دوربین نظارت تصویری", "دوربین مداربسته", "دوربین‌های پلاک‌خوان")),
    Plan("p04", "توسعه مرکز داده", IT, "infrastructure", 1399, 1401, 1_100_000, "over_budget", (("g51", 10000),), (), (), "ش/99/41", ("مرکز داده", "اتاق سرور")),
    Plan("p05", "شبکه ارتباطی مناطق", IT, "infrastructure", 1399, 1403, 640_000, "on_course", (("g51", 10000),), (), ("i:telecom",), "ش/99/41", ("سوئیچ شبکه", "کابل‌کشی شبکه")),
    Plan("p06", "اتصال به سامانه‌های بیرونی", IT, "data", 1401, 1403, 150_000, "stalled", (("g21", 10000),), ("s01", "s06"), ("i:civil", "i:deeds", "i:power", "i:gas", "i:water"), "ش/401/60"),
    Plan("p07", "نقشه پایه یگانه", IT, "data", 1400, 1402, 210_000, "finished", (("g22", 10000),), ("s06",), ("u:202", "u:205"), "", ("اطلاعات مکانی",)),
    Plan("p08", "انتشار عمومی داده‌های مالی", IT, "new_system", 1402, 1403, 40_000, "on_course", (("g41", 10000),), ("s12",), ("u:201",), "ش/402/38"),
    Plan("p09", "نوسازی رایانه‌های اداری", IT, "infrastructure", 1399, 1403, 1_400_000, "on_course", (), (), (), "ش/400/96", ("دستگاه رایانه", "لپ‌تاپ و مانیتور", "رایانه و لوازم جانبی", "دستگاه کامپیوتر"), (IT,)),
    Plan("p10", "هوشمندسازی ساختمان‌ها", "202", "infrastructure", 1401, 1403, 260_000, "vanished", (("g9", 10000),), (), (), "", ("هوشمندسازی",)),
    Plan("p11", "طرح شهر هوشمند", "200", "study", 1400, 1401, 95_000, "vanished", (("g9", 10000),), (), ("i:university",), "", ("طرح شهر هوشمند", "نقشه راه شهر هوشمند", "همایش شهر هوشمند")),
    Plan("p12", "امنیت اطلاعات", IT, "other", 1400, 1403, 170_000, "on_course", (("g52", 10000),), (), (), "", ("امنیت اطلاعات", "فایروال", "آنتی‌ویروس")),
    Plan("p13", "مدیریت اسناد بی‌کاغذ", IT, "extension", 1399, 1401, 120_000, "finished", (("g13", 4000), ("g22", 6000)), (), ("u:206",), "", ("مدیریت اسناد", "بایگانی")),
    Plan("p14", "حضور و غیاب (منطقه سه)", "103", "new_system", 1399, 1400, 14_000, "finished", (), (), (), "", ("حضور و غیاب",), ("103",)),
    Plan("p16", "سامانه منابع انسانی", "206", "new_system", 1401, 1403, 160_000, "late", (("g22", 10000),), (), (), "", ("حضور و غیاب",)),
    Plan("p15", "حضور و غیاب سراسری", "206", "new_system", 1400, 1401, 38_000, "merged", (), (), (), ""),
    Plan("p17", "زمان‌بندی هوشمند چراغ‌ها", "204", "new_system", 1401, 1403, 330_000, "on_course", (("g31", 10000),), (), (), "", ("چراغ راهنمایی",)),
    Plan("p18", "مدیریت ناوگان اتوبوس", "304", "extension", 1400, 1402, 110_000, "rebaselined_twice", (("g31", 10000),), (), (), "", ("مدیریت ناوگان",)),
    Plan("p19", "پرتال و درگاه پرداخت", IT, "extension", 1399, 1400, 52_000, "finished", (("g12", 10000),), ("s03", "s04"), ("i:bank",), "ش/99/41", ("پرتال",)),
    Plan("p20", "انبار و اموال یکپارچه", "201", "new_system", 1402, 1403, 66_000, "cancelled", (), (), (), "", ("انبار و اموال",)),
    Plan("p21", "داده‌های حادثه و امداد", "303", "data", 1402, 1404, 58_000, "stalled", (("g32", 10000),), (), ("u:204",), ""),
    Plan("p22", "آموزش مهارت‌های دیجیتال کارکنان", "206", "training", 1401, 1404, 44_000, "on_course", (("g13", 10000),), (), ("i:university",), ""),
    Plan("p23", "پروانه ساختمان برخط", "205", "new_system", 1401, 1403, 230_000, "self_rated", (("g11", 10000),), ("s01", "s02"), ("i:engineers",), "", ("صدور پروانه",)),
    Plan("p24", "معماری سازمانی", IT, "study", 1402, 1403, 36_000, "finished", (("g22", 10000),), (), (), "ش/402/77", ("معماری سازمانی",)),
    Plan("p25", "نقشه راه شهر الکترونیک", IT, "study", 1403, 1404, 18_000, "on_course", (("g41", 5000), ("g22", 5000)), (), ("i:university",), "ش/403/9"),
    Plan("p26", "پشتیبانی کاربران", IT, "maintenance", 1399, 1403, 380_000, "on_course", (), (), (), "", ("پشتیبانی رایانه",)),
    Plan("p27", "ارتباطات و پهنای باند", IT, "maintenance", 1399, 1403, 520_000, "on_course", (("g51", 10000),), (), ("i:telecom",), "", ("پهنای باند", "خطوط ارتباطی")),
    Plan("p28", "املاک شهرداری", "201", "new_system", 1400, 1402, 74_000, "late", (("g22", 10000),), (), (), "", ("مدیریت املاک",)),
    Plan("p29", "مدیریت پروژه‌های عمرانی", "202", "new_system", 1400, 1401, 61_000, "finished", (("g41", 10000),), (), (), "", ("مدیریت پروژه",)),
    Plan("p30", "رزرو و فروش برخط خدمات فرهنگی", "306", "new_system", 1403, 1404, 29_000, "proposed", (("g13", 10000),), ("s10",), (), ""),
)  # fmt: skip
BEGAN = {"p08": (1402, 5, 10), "p20": (1402, 4, 1), "p21": (1403, 2, 5), "p24": (1402, 10, 12)}
"""Jalali days on which projects really began, where that was not when they were to."""
LISTED = last_day(1403)
LEFT_OUT = {"p10": 1402, "p11": 1401}
"""Projects that the portfolio of later years does not name any more, and the last that did."""
LINKED_BY_CONTRACT = 0.25
"""Share of the contracts whose payments are linked by the contract's number."""


def projects() -> list[Row]:
    """Return the projects."""
    rows: list[Row] = []
    for plan in PLANS:
        status = {
            "finished": "closed",
            "merged": "merged",
            "cancelled": "cancelled",
            "proposed": "proposed",
        }.get(plan.fate, "running")
        ended = {"finished": day(plan.ends, 11, 20), "merged": day(1401, 2, 1), "cancelled": day(1403, 5, 1)}
        rows.append(
            {
                "code": plan.code,
                "title": plan.title,
                "unit": plan.unit,
                "kind": plan.kind,
                "status": status,
                "approved_on": day(plan.starts, 2, 10) if status != "proposed" else "",
                "started_on": day(*BEGAN.get(plan.code, (plan.starts, 3, 1)))
                if status not in ("proposed", "merged")
                else "",
                "first_use_on": day(plan.ends, 9, 1) if plan.fate == "finished" else "",
                "ended_on": ended.get(plan.fate, ""),
                "merged_into": "p16" if plan.fate == "merged" else "",
                "resolution": plan.resolution,
                "programme_code": "6001",
                "last_listed_on": last_day(LEFT_OUT[plan.code]) if plan.code in LEFT_OUT else LISTED,
                "self_rating": "" if status in ("closed", "merged", "cancelled") else "on_course",
                "closing_report": "پروژه به پایان رسید و به واحد بهره‌بردار تحویل شد."
                if plan.fate == "finished"
                else "",
            }
        )
    return rows


def baselines() -> list[Row]:
    """Return every baseline: the first of each project, and two more of those that were re-baselined twice."""
    rows: list[Row] = []
    for plan in PLANS:
        first = {
            "project": plan.code,
            "number": "1",
            "start": day(plan.starts, 3, 1),
            "end": day(plan.ends, 12, 15),
            "budget": str(plan.budget * MILLION),
            "decided_on": day(plan.starts, 2, 10),
            "reason": "",
            "resolution": plan.resolution,
        }
        rows.append(first)
        if plan.fate == "rebaselined_twice":
            for number, reason in (
                (2, "تغییر دامنه پس از ابلاغ ضوابط تازه"),
                (3, "افزایش بها و تأخیر طرف قرارداد"),
            ):
                rows.append(
                    first
                    | {
                        "number": str(number),
                        "end": day(plan.ends + number - 1, 12, 15),
                        "budget": str(round(plan.budget * (1 + 0.35 * (number - 1))) * MILLION),
                        "decided_on": day(plan.ends - 2 + number, 10, 5),
                        "reason": reason,
                        "resolution": "ش/402/77" if number == 3 else "",
                    }
                )
    return rows


def milestones() -> list[Row]:
    """Return three milestones of each project: design, trial, in use."""
    rows: list[Row] = []
    for plan in PLANS:
        span = max(1, plan.ends - plan.starts + 1)
        reached = {"finished": 3, "on_course": 2, "late": 1, "stalled": 1, "over_budget": 2, "self_rated": 1}
        for number, (title, part) in enumerate(
            (("طراحی", 0.25), ("راه‌اندازی آزمایشی", 0.65), ("بهره‌برداری", 0.95)), 1
        ):
            due = later(day(plan.starts, 3, 1), round(span * 365 * part))
            done = number <= reached.get(plan.fate, 0)
            rows.append(
                {
                    "project": plan.code,
                    "number": str(number),
                    "title": title,
                    "due": due,
                    "reached_on": later(due, 20 * number) if done else "",
                }
            )
    return rows


def progress(random: Random) -> list[Row]:
    """Return physical progress at the end of each year, as the unit said it."""
    rows: list[Row] = []
    for plan in PLANS:
        if plan.fate in ("proposed", "merged"):
            continue
        until = LEFT_OUT.get(plan.code, 1401 if plan.fate == "stalled" else 1403)
        span = plan.ends - plan.starts + 1
        pace = {"finished": 1.0, "on_course": 1.0, "late": 0.55, "stalled": 0.4, "over_budget": 0.9}.get(
            plan.fate, 0.6
        )
        for year in range(plan.starts, min(until, 1403) + 1):
            share = min(1.0, (year - plan.starts + 1) / span) * pace * random.uniform(0.92, 1.0)
            if plan.fate == "finished" and year >= plan.ends:
                share = 1.0
            rows.append(
                {
                    "project": plan.code,
                    "as_of": last_day(year),
                    "physical_bp": str(round(share * 10_000)),
                    "said_by": "واحد مجری",
                }
            )
            if share == 1.0:
                break
    return rows


def purposes() -> dict[str, list[Row]]:
    """Return what the projects are for: goals by weight, services, partners."""
    goals = [
        {"project": plan.code, "goal": goal, "weight_bp": str(weight)}
        for plan in PLANS
        for goal, weight in plan.goals
    ]
    services = [
        {"project": plan.code, "service": service, "change": "بی‌نیاز از مراجعه"}
        for plan in PLANS
        for service in plan.services
    ]
    partners = []
    for plan in PLANS:
        for who in plan.partners:
            kind, _, code = who.partition(":")
            partners.append(
                {
                    "project": plan.code,
                    "unit": code if kind == "u" else "",
                    "institution": code if kind == "i" else "",
                    "part": "تبادل داده" if kind == "i" else "بهره‌بردار",
                }
            )
    return {"project_goal": goals, "project_service": services, "project_partner": partners}
