"""What payments are for: kinds with their weights, and the sentences in which offices describe them.

Calibrated on the shape of real municipal ledgers: amounts spread log-normally (standard deviation of the logarithm about 2.4
over all payments, about 2 within information technology), the largest hundredth of payments carries about half of the money, most
payees are seen once and a few firms take most. The sentences are the project's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random

STREETS = ("مسرور", "افسانه", "کوه قاف", "هزارافسان", "سیمرغ", "رودابه", "نگارستان", "چهل‌چراغ", "آب‌نما", "گلریز", "پرستوها", "باغ‌بالا", "کاروانسرا", "تیشه فرهاد")  # fmt: skip
PARKS = ("سیمرغ", "مسرور", "ققنوس", "شهر قصه", "چهل‌گیس", "ماه‌پیشانی", "آرش", "گلنار", "سروستان", "نیلوفر")  # fmt: skip
SYSTEMS = ("مدیریت اسناد", "شهرسازی الکترونیک", "نوبت‌دهی اینترنتی", "مدیریت ناوگان", "درآمد و عوارض", "ارتباط مردمی 137", "مدیریت املاک", "حضور و غیاب", "انبار و اموال", "اطلاعات مکانی", "صدور پروانه", "مدیریت پروژه")  # fmt: skip
PLACES = ("ساختمان مرکزی", "انبار مرکزی", "ساختمان شماره دو", "کتابخانه شهر", "ایستگاه شماره سه", "تصفیه‌خانه", "فرهنگسرای افسانه", "ترمینال مسافربری")  # fmt: skip

CLASS_LETTERS = {
    "hardware": "h", "software": "s", "services": "v", "staff": "f", "telecom_cloud": "t", "other_it": "o", "not_it": "n", "unknown": "u",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of payment: budget item, true class, who is paid, share of rows and of money, spread, how it is worded."""

    item: str
    cls: str
    payees: str
    rows: float
    money: float
    sigma: float
    contracts: float
    """Share of its rows that are instalments of contracts."""
    texts: tuple[str, ...]
    units: tuple[str, ...] = ()
    """Only these units (codes); all, where empty."""
    it_unit: float = 0.0
    """Share that the IT organisation spends; the rest is scattered over the other units."""
    once: float = 0.06


_WORKS = ("101", "102", "103", "104", "105", "106", "202", "307")
_GREEN = ("101", "102", "103", "104", "105", "106", "302")
_TRAFFIC = ("204", "304", "101", "103")

KINDS = (
    Kind("110101", "not_it", "payroll", 2.6, 12.0, 0.7, 0, ("حقوق و مزایای {who} {unit} {month}‌ماه {year}", "پرداخت حقوق {who} {month} {year}")),
    Kind("110201", "not_it", "people", 4.4, 1.2, 1.1, 0, ("حق‌الزحمه {job} {month}‌ماه", "اضافه‌کار {who} {month} {year}", "پاداش {job} {unit}"), once=0.16),
    Kind("120101", "not_it", "clean", 5.4, 12.5, 1.6, 0.85, ("رفت و روب و نظافت معابر محدوده خیابان {street}", "خدمات نظافت {place}", "جمع‌آوری پسماند شهری محدوده {n}", "سرویس بهداشتی بوستان {park}، نظافت و نگهداری")),
    Kind("120102", "not_it", "clean", 2.0, 2.0, 1.3, 0.7, ("خدمات حفاظتی و نگهبانی {place}", "نگهبانی انبار و {place} {month}‌ماه")),
    Kind("120103", "not_it", "works", 2.2, 1.6, 1.6, 0.6, ("خدمات مشاوره و نظارت احداث پل خیابان {street}", "مطالعات ترافیکی خیابان {street}", "حق‌الزحمه نظارت بر پروژه‌های عمرانی {unit}")),
    Kind("120105", "not_it", "culture", 7.0, 1.9, 1.6, 0.1, ("برگزاری جشنواره {park}", "پذیرایی مراسم {month}‌ماه {unit}", "چاپ بنر و تبلیغات محیطی {n} مورد", "هزینه مراسم و همایش {place}"), once=0.12),
    Kind("120201", "not_it", "supply", 6.4, 1.9, 1.7, 0.15, ("تعمیر تأسیسات {place}", "نگهداری آسانسور {place} {month}‌ماه", "بازسازی ساختمان {place}", "تعمیر سامانه گرمایش {place}", "سیستم اعلام حریق {place}")),
    Kind("120202", "not_it", "transport", 7.2, 2.0, 1.6, 0.1, ("تعمیر خودروی خدماتی شماره {n}", "خرید لاستیک برای {n} دستگاه خودرو", "سرویس ماشین‌آلات {unit}", "پشتیبانی ناوگان خودرویی {unit}"), once=0.1),
    Kind("120203", "not_it", "green", 5.8, 6.8, 1.7, 0.8, ("نگهداری فضای سبز بوستان {park}", "هرس و آبیاری درختان خیابان {street}", "نگهداری فضای سبز {unit}، محدوده {n}")),
    Kind("120301", "not_it", "utilities", 6.0, 2.4, 1.5, 0, ("قبض برق {place} {month}‌ماه", "هزینه آب {place} دوره {n}", "قبض گاز {place} {month} {year}"), once=0.0),
    Kind("120401", "not_it", "supply", 6.8, 0.8, 1.5, 0.03, ("خرید نوشت‌افزار {unit}", "خرید {n} بسته کاغذ و لوازم التحریر", "لباس کار کارکنان {unit}", "خرید میز و صندلی {place}"), once=0.12),
    Kind("120402", "not_it", "supply", 3.2, 1.4, 1.4, 0.2, ("سوخت ماشین‌آلات {unit} {month}‌ماه", "خرید {n} حلب روغن موتور", "گازوئیل ماشین‌آلات سنگین {month}")),
    Kind("130101", "not_it", "banks", 0.5, 6.0, 1.3, 0, ("بازپرداخت اصل و سود تسهیلات بانکی قسط {n}", "سود اوراق مشارکت {month} {year}"), units=("201",), once=0.0),
    Kind("130201", "not_it", "people", 3.0, 1.1, 1.4, 0, ("کمک به خانواده‌های نیازمند خیابان {street}", "کمک‌های بلاعوض به هیئت و انجمن {park}"), once=0.22),
    Kind("130202", "not_it", "people", 1.7, 2.4, 1.8, 0, ("اجرای حکم قضایی پرونده {n}", "خسارت وارده به ملک خیابان {street}"), once=0.35),
    Kind("210101", "not_it", "works", 4.0, 9.0, 1.9, 0.85, ("روکش آسفالت خیابان {street}", "لکه‌گیری و ترمیم آسفالت خیابان {street}", "خرید قیر و آسفالت گرم {n} تن"), units=_WORKS),
    Kind("210102", "not_it", "works", 2.6, 11.5, 2.0, 0.95, ("احداث تقاطع غیرهمسطح {street}", "تعریض خیابان {street}", "احداث پل عابر پیاده خیابان {street}"), units=_WORKS),
    Kind("210103", "not_it", "works", 3.6, 3.8, 1.7, 0.85, ("جدول‌گذاری و پیاده‌روسازی خیابان {street}", "بهسازی پیاده‌رو خیابان {street}", "لایروبی کانال و دفع آب‌های سطحی {street}"), units=_WORKS),
    Kind("210104", "not_it", "works", 2.0, 1.5, 1.6, 0.6, ("توسعه شبکه روشنایی معابر {street}", "نورپردازی میدان {street}", "کابل‌کشی روشنایی بوستان {park}"), units=_WORKS),
    Kind("210201", "not_it", "people", 2.0, 7.0, 1.5, 0, ("تملک ملک در مسیر تعریض خیابان {street}", "آزادسازی پلاک {n} خیابان {street}"), units=_WORKS, once=0.6),
    Kind("210202", "not_it", "works", 0.9, 1.4, 1.7, 0.7, ("بهسازی و نوسازی بافت فرسوده محله {street}", "مرمت بنای تاریخی {street}"), units=("307", "205")),
    Kind("210301", "not_it", "green", 2.6, 2.6, 1.8, 0.75, ("احداث بوستان {park}", "اجرای شبکه آبیاری تحت فشار بوستان {park}", "سامانه آبیاری قطره‌ای خیابان {street}", "خرید {n} اصله نهال"), units=_GREEN),
    Kind("210302", "not_it", "transport", 0.8, 1.8, 1.4, 0.6, ("خرید جاروب مکانیزه {unit}", "خرید کامیون حمل پسماند {n} دستگاه"), units=("203", "301")),
    Kind("210401", "not_it", "supply", 0.9, 0.9, 1.5, 0.5, ("خرید تجهیزات و لباس آتش‌نشانان {n} دست", "احداث ایستگاه آتش‌نشانی {street}"), units=("303",)),
    Kind("210501", "not_it", "works", 1.4, 1.9, 1.7, 0.7, ("احداث سالن ورزشی محله {street}", "تجهیز فرهنگسرا و کتابخانه {street}"), units=("306", "202")),
    Kind("220101", "not_it", "transport", 0.8, 3.6, 1.6, 0.7, ("خرید اتوبوس {n} دستگاه", "بازسازی اتوبوس‌های خط {street}"), units=("304",)),
    Kind("220201", "not_it", "transport", 2.2, 1.2, 1.5, 0.4, ("خط‌کشی و سرعت‌گیر خیابان {street}", "خرید تابلوهای راهنمایی {n} عدد", "نگهداری چراغ راهنمایی تقاطع {street}"), units=_TRAFFIC),
    Kind("230101", "not_it", "supply", 1.3, 0.5, 1.4, 0.05, ("خرید مبلمان اداری {place}", "خرید دوربین نقشه‌برداری برای {unit}", "خرید کولر گازی {n} دستگاه")),
    # Information technology: hardware takes most of it, and every unit buys for itself.
    Kind("230201", "hardware", "it_hardware", 2.9, 1.30, 1.9, 0.35, ("خرید {n} دستگاه رایانه {unit}", "خرید لپ‌تاپ و مانیتور برای {unit}", "خرید رایانه و لوازم جانبی {place}", "تأمین {n} دستگاه کامپیوتر"), it_unit=0.30),
    Kind("230201", "hardware", "it_hardware", 0.9, 0.82, 1.8, 0.75, ("خرید سرور و ذخیره‌ساز مرکز داده", "توسعه مرکز داده {place}", "خرید و نصب یو پی اس اتاق سرور {place}"), it_unit=0.62),
    Kind("230201", "hardware", "it_hardware", 1.2, 0.38, 1.7, 0.5, ("خرید سوئیچ شبکه و تجهیزات شبکه {place}", "کابل‌کشی شبکه و نصب رک {place}", "خرید فایروال {unit}"), it_unit=0.40),
    Kind("220202", "hardware", "it_hardware", 1.1, 0.62, 1.8, 0.6, ("خرید و نصب دوربین مداربسته {place}", "دوربین نظارت تصویری خیابان {street}", "نگهداری دوربین‌های پلاک‌خوان {street}"), it_unit=0.12),
    Kind("120104", "hardware", "it_hardware", 2.1, 0.16, 1.4, 0.05, ("خرید تونر و کارتریج {unit}", "تعمیر چاپگر و اسکنر {unit}", "تعمیر رایانه‌های {place}"), it_unit=0.10),
    Kind("230202", "software", "it_software", 1.2, 0.50, 1.7, 0.75, ("طراحی و پیاده‌سازی سامانه {system}", "توسعه نرم‌افزار {system} برای {unit}", "خرید سامانه {system}"), it_unit=0.42),
    Kind("120104", "software", "it_software", 0.9, 0.16, 1.4, 0.3, ("تمدید لایسنس و پشتیبانی نرم‌افزار {system}", "خرید لایسنس آنتی‌ویروس {n} کاربر", "پشتیبانی سامانه {system} {month}‌ماه"), it_unit=0.45),
    Kind("120104", "services", "it_services", 1.2, 0.44, 1.5, 0.7, ("مشاوره فناوری اطلاعات و معماری سازمانی", "خدمات پشتیبانی رایانه و کاربران {unit}", "ممیزی امنیت اطلاعات و تست نفوذ", "تهیه نقشه راه شهر هوشمند", "اسکن اسناد و بایگانی {unit}"), it_unit=0.60),
    Kind("110101", "staff", "payroll", 0.12, 0.30, 0.5, 0, ("حقوق و مزایای کارکنان سازمان فناوری اطلاعات {month}‌ماه {year}", "اضافه‌کار کارکنان سازمان فاوا {month} {year}"), units=("309",), it_unit=1.0),
    Kind("120302", "telecom_cloud", "telecom", 3.0, 0.46, 1.5, 0.1, ("هزینه اینترنت و پهنای باند {unit} {month}‌ماه", "قبض تلفن {place} {month}‌ماه", "اجاره خطوط ارتباطی و فیبر نوری {place}", "شارژ سامانه پیامک {unit}", "میزبانی وب و سرور مجازی پرتال"), it_unit=0.45, once=0.0),
    Kind("230202", "other_it", "it_services", 0.5, 0.22, 1.6, 0.5, ("هوشمندسازی {place}", "طرح شهر هوشمند، فاز {n}", "برگزاری همایش شهر هوشمند و تحول دیجیتال"), it_unit=0.55),
    # Descriptions that tell nothing.
    Kind("120403", "unknown", "it_services", 0.5, 0.22, 1.5, 0.05, ("طبق فاکتور پیوست", "بابت قرارداد، طبق صورت‌جلسه پیوست", "علی‌الحساب", "خرید اقلام مورد نیاز"), it_unit=0.6),
    Kind("120403", "unknown", "supply", 0.9, 0.28, 1.5, 0.05, ("طبق فاکتور پیوست", "خرید اقلام مورد نیاز {unit}", "صورت‌حساب شماره {n}", "هزینه‌های متفرقه {month}‌ماه")),
)  # fmt: skip

_WHO = ("کارکنان رسمی", "کارکنان قراردادی", "کارگران", "بازنشستگان", "مدیران")
_JOBS = ("کارشناس ناظر", "مربی ورزشی", "مدرس دوره", "راننده", "کتابدار", "عضو کمیسیون")
MONTH_NAMES = ("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور", "مهر", "آبان", "آذر", "دی", "بهمن", "اسفند")  # fmt: skip

INSTALMENTS = (
    "صورت‌وضعیت شماره {k}، {subject}",
    "{subject}، صورت‌وضعیت {k}",
    "قسط {k} قرارداد {subject}",
    "علی‌الحساب {subject}، مرحله {k}",
)
ADVANCE = "پیش‌پرداخت {subject}"
_POOLS = {
    "street": STREETS,
    "park": PARKS,
    "system": SYSTEMS,
    "place": PLACES,
    "who": _WHO,
    "job": _JOBS,
}
_SLOT = re.compile(r"\{(\w+)\}")


def describe(random: Random, text: str, *, unit: str, month: int, year: int) -> str:
    """Return `text` with its slots filled."""

    def fill(slot: re.Match[str]) -> str:
        name = slot[1]
        if name in _POOLS:
            return random.choice(_POOLS[name])
        if name == "n":
            return str(random.randint(2, 60))
        return {"unit": unit, "month": MONTH_NAMES[month - 1], "year": str(year)}[name]

    return _SLOT.sub(fill, text)


def instalment(random: Random, subject: str, number: int) -> str:
    """Return how the `number`-th payment of a contract is described."""
    if number == 1 and random.random() < 0.5:
        return ADVANCE.format(subject=subject)
    return random.choice(INSTALMENTS).format(k=number, subject=subject)
