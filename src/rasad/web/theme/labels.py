"""Names, in the reader's language, of the codes that data carries."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CLASSES: dict[str, Promise] = {
    "hardware": _("Hardware"),
    "software": _("Software"),
    "services": _("Services"),
    "staff": _("Staff"),
    "telecom_cloud": _("Telecom and cloud"),
    "other_it": _("Other IT"),
    "not_it": _("Not IT"),
    "unknown": pgettext_lazy("class", "Unknown"),
}
MODES: dict[str, Promise] = {
    "run": _("Running"),
    "change": _("Change"),
    "unknown": pgettext_lazy("mode", "Unknown"),
}
STAGES: dict[str, Promise] = {
    "initial": _("Initial budget"),
    "modification": _("Modifications"),
    "final": _("Final budget"),
    "authorised": _("Authorised"),
    "allocated": _("Allocated"),
    "committed": _("Committed"),
    "recognised": _("Recognised"),
    "paid": _("Paid"),
}
METHODS: dict[str, Promise] = {
    "person": _("a person"),
    "code": _("an official code"),
    "rule": _("a rule"),
    "model": _("a model"),
    "none": _("nobody yet"),
}
DIMENSIONS: dict[str, Promise] = {
    "class": _("Class"),
    "mode": _("Mode"),
    "unit": _("Unit"),
    "programme": _("Programme"),
    "supplier": _("Supplier"),
    "economic": _("Economic item"),
    "fiscal_year": _("Fiscal year"),
    "stage": _("Stage"),
    "month": _("Month"),
    "nature": _("Nature"),
    "source": _("Source"),
}
BOOKS: dict[str, Promise] = {"budget": _("Budget report"), "payments": _("Payments ledger")}
FLOWS: dict[str, Promise] = {"expense": _("Expense"), "revenue": _("Revenue")}


def label(kind: dict[str, Promise], code: object) -> str:
    """Return the name of `code`, or the code itself where it has none."""
    return str(kind.get(str(code), code if code is not None else ""))
