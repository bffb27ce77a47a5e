"""The method page: rules for numbers, classes, and how to recompute a figure oneself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from rasad.release.reader import CLASSES, STAGES, Filters, Release, rules_used
from rasad.web.portal.current import page
from rasad.web.portal.frame import frame, lang
from rasad.web.portal.scope import scope_of
from rasad.web.theme import labels, terms
from rasad.web.theme.parts import Column, Table


@page
def method(request: HttpRequest, release: Release) -> HttpResponse:
    """Say how figures are made, with this release's own example to recompute."""
    year, stage = release.defaults()
    context = frame(request, release, "method")
    context |= {
        "classes": _classes(),
        "stages": _stages(),
        "measures": _measures(),
        "year": year,
        "stage": stage,
    }
    if year is not None and stage is not None:
        filters = Filters(year=year, stage=stage)
        amount, lines = release.total(filters)
        context |= {
            "amount": amount,
            "lines": lines,
            "book": release.book(stage, year=year),
            "methods": _methods(release, filters),
            "rules": _rules(release, filters),
            "scope": scope_of(filters, release),
            "line_hash": next(one["sha256"] for one in release.files() if one["path"] == "data/line.csv"),
        }
    return TemplateResponse(request, "portal/method.html", context)


def _classes() -> Table:
    known = terms.by_id(lang())
    rows = [{"cls": cls, "meaning": known[cls].what} for cls in CLASSES]
    return Table(
        id="classes",
        caption=_("Classes of spending"),
        columns=[Column("cls", _("Class"), "class"), Column("meaning", _("What it holds"))],
        rows=rows,
        caption_hidden=True,
    )


def _stages() -> Table:
    known = terms.by_id(lang())
    rows = [{"stage": labels.label(labels.STAGES, stage), "meaning": known[stage].what} for stage in STAGES]
    return Table(
        id="stage-meanings",
        caption=_("Stages of money"),
        columns=[Column("stage", _("Stage")), Column("meaning", _("What it means"))],
        rows=rows,
        caption_hidden=True,
    )


def _measures() -> Table:
    meaning = {
        _("Share of a class"): (
            _("its amount ÷ the amount of everything shown"),
            _("same stage, year and book above and below the line"),
        ),
        _("Hardware share of IT"): (
            _("hardware ÷ (hardware + software + services + staff + telecom and cloud + other IT)"),
            _("the unknown is in neither part: its share of all money stands beside it"),
        ),
        _("Class unknown"): (
            _("unknown ÷ the money of all classes"),
            _("how far the shares of classes could still move"),
        ),
        _("Absorption"): (
            _("paid ÷ final budget"),
            _(
                "recognised ÷ final budget where the report has no payments; tells of spending, not of progress"
            ),
        ),
        _("Per resident"): (
            _("amount ÷ residents, rounded to the smallest unit"),
            _("of one fiscal year; the number of residents and its source stand on the data page"),
        ),
        _("Change between periods"): (
            _("(second − first) ÷ first"),
            _("same stage, book and months in both; inflation is in it unless prices of one year are chosen"),
        ),
        _("Your share"): (
            _("sum × amount ÷ all money"),
            _("whole numbers by largest remainders, so that parts add up; an average, no tax bill"),
        ),
    }
    rows = [
        {"measure": measure, "formula": formula, "mind": mind} for measure, (formula, mind) in meaning.items()
    ]
    return Table(
        id="measures",
        caption=_("Measures on these pages"),
        columns=[
            Column("measure", _("Measure")),
            Column("formula", _("Formula")),
            Column("mind", _("What to keep in mind")),
        ],
        rows=rows,
        caption_hidden=True,
    )


def _rules(release: Release, filters: Filters) -> Table:
    rows = [
        {
            "rule": one.rule,
            "version": one.version,
            "cls": one.cls,
            "method": labels.label(labels.METHODS, one.method),
            "amount": one.amount,
            "lines": one.lines,
            "confidence": one.confidence,
        }
        for one in rules_used(release, filters)
    ]
    return Table(
        id="rules",
        caption=_("The rules that decided most IT money"),
        columns=[
            Column("rule", _("Rule"), "code", note="version"),
            Column("cls", _("Class"), "class"),
            Column("method", _("Decided by")),
            Column("amount", _("Amount"), "money"),
            Column("lines", _("Lines"), "number"),
            Column("confidence", _("Mean confidence"), "share", bar="cls"),
        ],
        rows=rows,
    )


def _methods(release: Release, filters: Filters) -> Table:
    rows = [
        {"method": labels.label(labels.METHODS, method), "amount": amount, "lines": lines, "share": share}
        for method, amount, lines, share in release.class_methods(filters)
    ]
    return Table(
        id="methods",
        caption=_("Who decided the class of this year's money"),
        columns=[
            Column("method", _("Decided by")),
            Column("amount", _("Amount"), "money"),
            Column("share", _("Share"), "share"),
            Column("lines", _("Lines"), "number"),
        ],
        rows=rows,
    )
