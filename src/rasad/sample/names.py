"""Invented companies and people, with identifiers that pass their check digits and belong to nobody.

Names come from tales and are meant to be seen as such. Firms' identifiers begin with 999 and people's with 989, which no register
has given out.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from math import exp
from random import Random

_LEGAL_WEIGHTS = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)

TALES = (
    "سیمرغ", "کوه قاف", "ققنوس", "هزارافسان", "شهر قصه", "جام جم", "دیو سپید", "رخش", "هفت‌خان", "زال و رودابه", "سندباد", "پری دریایی", "گنج قارون", "قالیچه پرنده",
    "نخودی", "ماه‌پیشانی", "شنگول و منگول", "کدوی قلقله‌زن", "حسن کچل", "خاله‌سوسکه", "نمکی", "چهل‌گیس", "ملک‌جمشید", "امیرارسلان", "فرخ‌لقا", "بلبل سرگشته", "نارنج و ترنج", "غول چراغ", "آب حیات", "سنگ صبور",
)  # fmt: skip
_ACTIVITY = {
    "works": ("عمران‌گستر", "راه‌سازان", "بتن‌آفرین", "سازه‌پردازان", "آسفالت‌کاران", "ابنیه‌سازان", "پل و راه", "بنیان‌سازه"),
    "green": ("سبزآوران", "باغ‌پردازان", "نهال‌گستر", "گلشن‌آرا", "چمن‌کاران"),
    "clean": ("پاک‌گستران", "پسماندکاوان", "شهرپاکان", "نظافت‌گران", "خدمات‌رسانان"),
    "supply": ("تأمین‌کاران", "بازرگانی", "پخش لوازم", "ملزومات‌یاران", "صنایع", "تجهیزات‌گستر"),
    "culture": ("کانون تبلیغاتی", "هنرآفرینان", "جشن‌سازان", "چاپ و نشر", "پذیرایی"),
    "transport": ("ترابری", "ناوگان‌یاران", "خودروسازه", "ماشین‌سازی", "ترافیک‌نگاران"),
    "it_hardware": ("رایانه‌گستر", "شبکه‌پردازان", "سخت‌ابزار", "تجهیزات رایانه‌ای", "دیده‌بان تصویر"),
    "it_software": ("سامانه‌پردازان", "نرم‌آفرینان", "داده‌کاوان", "برنامه‌سازان"),
    "it_services": ("مشاوران انفورماتیک", "راهبران فناوری", "امن‌پردازان", "پشتیبانان رایانه"),
    "telecom": ("ارتباط‌گستر", "پیام‌رسانان", "ابرداده"),
}  # fmt: skip
_REGULAR = {
    "works": 190, "green": 85, "clean": 34, "supply": 175, "culture": 85, "transport": 62,
    "it_hardware": 46, "it_software": 34, "it_services": 28, "telecom": 9,
}  # fmt: skip
_FORMS = ("شرکت", "شرکت", "شرکت", "شرکت مهندسی", "موسسه", "شرکت تعاونی", "گروه")
_SHOPS = ("فروشگاه", "کارگاه", "دفتر فنی", "بازرگانی", "تعمیرگاه", "چاپخانه", "آژانس", "رستوران", "گلخانه", "دفتر خدمات")  # fmt: skip
_FIRST = (
    "زهرا", "علی", "فاطمه", "محمد", "مریم", "حسین", "نرگس", "رضا", "لیلا", "مهدی", "سارا", "امیر", "الهام", "کیوان", "پریسا", "بهرام", "نیلوفر", "یوسف", "شیرین", "فرهاد", "ترانه", "آرش", "گلنار", "سیاوش",
)  # fmt: skip
_LAST = (
    "افسانه‌زاده", "قصه‌گوی", "خیال‌پرداز", "داستان‌پور", "نمونه‌ای", "فرضی‌نژاد", "پندارپور", "رؤیافر", "حکایت‌خواه", "سیمرغ‌زاده", "قافی‌پور", "هزاردستانی", "مثالی‌فر", "گمان‌پرور", "نقال‌باشی", "پری‌زاده", "کهن‌قصه", "انگاره‌چی", "مجازی‌تبار", "فسانه‌خوان",
)  # fmt: skip

NO_ID = ""


@dataclass(frozen=True, slots=True)
class Payee:
    """Who is paid: the `name` as it should be written, its spellings, a valid id or none, and whether it is a person."""

    name: str
    spellings: tuple[str, ...]
    id: str
    person: bool = False


def legal_id(random: Random) -> str:
    """Return eleven digits with a valid check digit, beginning with 999."""
    body = f"999{random.randrange(1, 10**7):07d}"
    add = int(body[9]) + 2
    remainder = sum((int(d) + add) * w for d, w in zip(body, _LEGAL_WEIGHTS, strict=True)) % 11
    return f"{body}{0 if remainder == 10 else remainder}"


def national_id(random: Random) -> str:
    """Return ten digits with a valid check digit, beginning with 989, so that none stands within a firm's id."""
    body = f"989{random.randrange(10**6):06d}"
    remainder = sum(int(d) * (10 - i) for i, d in enumerate(body)) % 11
    return f"{body}{remainder if remainder < 2 else 11 - remainder}"


class Payees:
    """All payees of the city. Regular ones come back by Zipf's law; others are seen once or twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._ids: set[str] = set()
        self._names: set[str] = set()
        self.all: list[Payee] = []
        self._regular: dict[str, list[Payee]] = {}
        self._weights: dict[str, list[float]] = {}
        self._weights_large: dict[str, list[float]] = {}
        for category, count in _REGULAR.items():
            self._regular[category] = [self._company(category) for _ in range(count)]
        self._regular["people"] = [self.person() for _ in range(420)]
        self._regular["banks"] = [
            self._office(f"بانک {tale}") for tale in ("قرض‌الحسنه هزارافسان", "آبادانی سیمرغ", "شهر قصه")
        ]
        self._regular["utilities"] = [
            self._office(name)
            for name in ("شرکت توزیع برق نمونه‌شهر", "شرکت آب و فاضلاب نمونه‌شهر", "شرکت گاز نمونه‌شهر")
        ]
        for category, payees in self._regular.items():
            self._weights[category] = list(accumulate((i + 1.0) ** -0.85 for i in range(len(payees))))
            # What is large goes to few: the share of a firm falls exponentially, sooner where there are few of them.
            reach = 2.0 + 0.035 * len(payees)
            self._weights_large[category] = list(accumulate(exp(-i / reach) for i in range(len(payees))))

    def pick(self, category: str, *, large: bool, once: float) -> Payee:
        """Return a payee of the category; with probability `once` one that was not there before."""
        if self._random.random() < once:
            return self.person() if category == "people" else self._shop()
        weights = (self._weights_large if large else self._weights)[category]
        return self._random.choices(self._regular[category], cum_weights=weights)[0]

    def payroll(self, unit: str) -> Payee:
        """Return the account from which a unit's people are paid: a name without an id."""
        name = f"حساب حقوق کارکنان {unit}"
        return Payee(name, (name,), NO_ID)

    def person(self) -> Payee:
        """Return a new invented natural person."""
        first, last = self._random.choice(_FIRST), self._random.choice(_LAST)
        spellings = (
            f"{first} {last}",
            f"{last} {first}",
            f"{'خانم' if first in _WOMEN else 'آقای'} {first} {last}",
        )
        return self._add(Payee(spellings[0], spellings, self._unused(national_id), person=True))

    def _company(self, category: str) -> Payee:
        while True:
            core = f"{self._random.choice(_ACTIVITY[category])} {self._random.choice(TALES)}"
            if core in self._names:
                core += f" {self._random.choice(TALES)}"
            if core not in self._names:
                break
        self._names.add(core)
        form = self._random.choice(_FORMS)
        spellings = (f"{form} {core}", f"{form} {core}", core, f"{form} {core} (سهامی خاص)")
        return self._add(Payee(spellings[0], spellings, self._unused(legal_id)))

    def _shop(self) -> Payee:
        """Return a small firm; half of them give no id, and some have the name of another."""
        name = f"{self._random.choice(_SHOPS)} {self._random.choice(TALES)} {self._random.choice(TALES)}"
        known = self._random.random() < 0.55
        return self._add(Payee(name, (name,), self._unused(legal_id) if known else NO_ID))

    def _office(self, name: str) -> Payee:
        return self._add(Payee(name, (name,), self._unused(legal_id)))

    def _unused(self, make: object) -> str:
        assert callable(make)
        while (found := make(self._random)) in self._ids:
            pass
        self._ids.add(found)
        return str(found)

    def _add(self, payee: Payee) -> Payee:
        self.all.append(payee)
        return payee


_WOMEN = frozenset(
    ("زهرا", "فاطمه", "مریم", "نرگس", "لیلا", "سارا", "الهام", "پریسا", "نیلوفر", "شیرین", "ترانه", "گلنار")
)
