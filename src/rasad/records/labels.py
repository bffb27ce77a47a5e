"""What people call the codes of the records' choices, in English here and in Persian in the catalogue."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import lazy
from django.utils.translation import gettext


def _n(message: str) -> str:
    """Mark a label for the catalogues; it is translated where it is shown."""
    return message


_OTHER = _n("other")
_COMMA = _n(", ")

CHOICES: dict[tuple[str, str], dict[str, str]] = {
    ("Unit", "kind"): {
        "department": _n("department"),
        "organisation": _n("organisation"),
        "company": _n("company"),
        "district": _n("district"),
        "section": _n("section"),
        "office": _n("office"),
        "other": _OTHER,
    },
    ("Institution", "kind"): {
        "government": _n("government body"),
        "judiciary": _n("judiciary"),
        "utility": _n("utility"),
        "bank": _n("bank"),
        "university": _n("university"),
        "company": _n("company"),
        "association": _n("association"),
        "other": _OTHER,
    },
    ("Resolution", "state"): {
        "approved": _n("approved"),
        "notified": _n("notified"),
        "objected": _n("objected to"),
        "binding": _n("binding"),
        "verified": _n("verified"),
    },
    ("Indicator", "direction"): {
        "up": _n("more is better"),
        "down": _n("less is better"),
        "keep": _n("to be kept as it is"),
    },
    ("Indicator", "frequency"): {
        "monthly": _n("monthly"),
        "quarterly": _n("quarterly"),
        "half_yearly": _n("half-yearly"),
        "yearly": _n("yearly"),
        "irregular": _n("irregular"),
    },
    ("Reading", "quality"): {
        "measured": _n("measured"),
        "survey_extrapolation": _n("extrapolated from a survey"),
        "higher_level_extrapolation": _n("extrapolated from a higher level"),
        "estimate": _n("estimate"),
        "personal_estimate": _n("personal estimate"),
        "untraceable": _n("untraceable"),
    },
    ("Channel", "kind"): {
        "in_person": _n("in person"),
        "service_office": _n("service office"),
        "web": _n("website"),
        "app": _n("mobile app"),
        "phone": _n("by telephone"),
        "message": _n("text message"),
        "kiosk": _n("kiosk"),
        "post": _n("by post"),
    },
    ("System", "state"): {
        "planned": _n("planned"),
        "building": _n("being built"),
        "in_use": _n("in use"),
        "retired": _n("retired"),
    },
    ("Project", "kind"): {
        "new_system": _n("new system"),
        "extension": _n("extension"),
        "infrastructure": _n("infrastructure"),
        "data": _n("data project"),
        "training": _n("training"),
        "study": _n("study"),
        "maintenance": _n("maintenance"),
        "other": _OTHER,
    },
    ("Project", "status"): {
        "proposed": _n("proposed"),
        "approved": _n("approved"),
        "running": _n("under way"),
        "finished": _n("finished"),
        "closed": _n("closed with a report"),
        "merged": _n("merged"),
        "cancelled": _n("cancelled"),
    },
    ("Project", "self_rating"): {
        "on_course": _n("on course"),
        "at_risk": _n("at risk"),
        "off_course": _n("off course"),
    },
    ("Asset", "kind"): {
        "server": _n("server"),
        "storage": _n("storage"),
        "network": _n("network device"),
        "computer": _n("computer"),
        "printer": _n("printer or scanner"),
        "phone": _n("telephone"),
        "camera": _n("camera"),
        "licence": _n("licence"),
        "other": _OTHER,
    },
    ("Asset", "state"): {
        "ordered": _n("ordered"),
        "in_stock": _n("in stock"),
        "in_use": _n("in use"),
        "in_repair": _n("in repair"),
        "retired": _n("retired"),
        "lost": _n("lost"),
    },
    ("Contract", "state"): {
        "running": _n("contract running"),
        "suspended": _n("suspended"),
        "completed": _n("completed"),
        "terminated": _n("terminated"),
    },
    ("AllocationRule", "state"): {
        "draft": _n("draft"),
        "in_force": _n("in force"),
        "retired": _n("retired"),
    },
}
"""Model's name and field → code → English label."""


def label(model: str, field: str, code: str) -> str:
    """Return the label of a code, in the language that is active when it is shown; a code without one is shown as it is."""
    english = CHOICES.get((model, field), {}).get(code, code)
    return _lazily(english)


_lazily = lazy(lambda english: gettext(english) if english else "", str)


def labelled(model: str, field: str) -> list[tuple[str, str]]:
    """Return (code, label) of every choice of a field, in its order, as a form's choices."""
    return [(code, label(model, field, code)) for code in CHOICES[model, field]]


def spoken(text: str, model: str, field: str, translate: Callable[[str], str]) -> str:
    """Return codes in a list ("running, finished") as their labels."""
    names = CHOICES[model, field]
    return translate(_COMMA).join(
        translate(names[code]) if code in names else code for code in text.split(", ")
    )
