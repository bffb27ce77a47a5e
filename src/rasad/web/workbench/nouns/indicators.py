"""Indicators: what is counted, what is aimed at by when, what was read and how good that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import indicators as actions
from rasad.records import waiting
from rasad.records.labels import label
from rasad.records.models import Indicator, Reading, Target
from rasad.web.theme import show
from rasad.web.theme.charts import Chart, Series
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.workbench import days, frame, naming
from rasad.web.workbench.allowed import may
from rasad.web.workbench.fields import write_figure
from rasad.web.workbench.nouns.addresses import page_of, verb_of
from rasad.web.workbench.nouns.filters import by_choice, by_state, by_unit
from rasad.web.workbench.nouns.kinds import Col, Fieldset, Input, Noun, Part, key_of, verb
from rasad.web.workbench.nouns.verbs import act, adds, changes, correct, corrects, related, table

WRITE, READ = "indicators.write", "readings.write"
SAID = Fieldset(
    (
        Input("title", wide=True),
        Input("title_en", wide=True, help=_("For readers of the English pages.")),
        Input("definition", wide=True, help=_("What is counted, and what is not.")),
        Input("measured_in", help=_("For example: percent, days, visits a year.")),
        Input("direction"),
        Input("unit", help=_("Who answers for it: code or name.")),
        Input("frequency"),
        Input("source"),
        Input("programme_code"),
    ),
    _("The indicator"),
)
BASE = Fieldset((Input("baseline"), Input("baseline_date")), _("Where it stood at first"))
FIGURES = (
    Input("value", "reading.value", help=_("With numerator and denominator it must be their quotient.")),
    Input("quality", "reading.quality", help=_("One of six labels: how the figure came about.")),
    Input("numerator", "reading.numerator"),
    Input("denominator", "reading.denominator"),
    Input("source", "reading.source"),
    Input("note", "reading.note", wide=True),
)


def _next_period(record: Indicator) -> Mapping[str, Any]:
    last = record.readings.order_by("-period_end").first()
    if last is None:
        return {"source": record.source}
    told: dict[str, Any] = {
        "source": last.source or record.source,
        "quality": last.quality,
        "period_start": last.period_end + timedelta(days=1),
    }
    return told


VERBS = (
    verb(
        "read", _("Take down a reading"), READ,
        lambda asked: actions.read(indicator=asked.record, by=asked.by, why=asked.why, **asked.told),
        Input("period_start", "reading.period_start"), Input("period_end", "reading.period_end"), *FIGURES,
        first=_next_period, main=True,
    ),
    verb(
        "aim", _("Aim at a value"), WRITE,
        lambda asked: actions.aim(indicator=asked.record, by=asked.by, why=asked.why, **asked.told),
        Input("due", "target.due"), Input("value", "target.value"),
    ),
    changes(
        WRITE,
        lambda asked: actions.change_indicator(indicator=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        SAID, BASE,
    ),
)  # fmt: skip


def _day(day: date) -> str:
    return show.day(day, days.calendar(), frame.lang())[0]


def _lead(request: HttpRequest, record: Any) -> Mapping[str, Any]:
    readings = list(record.readings.order_by("period_end", "period_start"))
    targets = list(record.targets.order_by("due"))
    record.held_readings, record.held_targets = readings, targets
    last = readings[-1] if readings else None
    ahead = next(
        (one for one in targets if last is None or one.due >= last.period_end),
        targets[-1] if targets else None,
    )
    unit = record.measured_in
    chart = _chart(record, readings, targets)
    return {
        "stats": [
            Stat(
                say("Last read"), text=write_figure(last.value) if last else "—",
                note=f"{unit} · {_day(last.period_end)}" if last else say("never read"),
            ),
            Stat(
                say("Aim"), text=write_figure(ahead.value) if ahead else "—",
                note=say("by %(day)s") % {"day": _day(ahead.due)} if ahead else say("it aims at nothing"),
            ),
            Stat(
                say("At first"), text=write_figure(record.baseline) if record.baseline is not None else "—",
                note=_day(record.baseline_date) if record.baseline_date else "",
            ),
            Stat(say("Better direction"), text=str(label("Indicator", "direction", record.direction))),
        ],
        "chart": chart,
        "chart_rows": [(when, [one.texts[spot] for one in chart.series]) for spot, when in enumerate(chart.categories)] if chart else [],
    }  # fmt: skip


def _chart(record: Indicator, readings: list[Reading], targets: list[Target]) -> Chart | None:
    """Return what was read beside what was aimed at, by day; None where there are not two days to draw."""
    read = {one.period_end: one.value for one in readings}
    aimed = {one.due: one.value for one in targets}
    if record.baseline is not None and record.baseline_date and record.baseline_date not in read:
        read[record.baseline_date] = record.baseline
    moments = sorted({*read, *aimed})
    if len(moments) < 2:
        return None
    series = [
        Series(
            say("read"),
            [_length(read.get(one)) for one in moments],
            [_text(read.get(one)) for one in moments],
        )
    ]
    if aimed:
        series.append(
            Series(
                say("aimed at"),
                [_length(aimed.get(one)) for one in moments],
                [_text(aimed.get(one)) for one in moments],
            )
        )
    return Chart(
        id="readings-chart", kind="line", title=say("What was read, and what is aimed at"), unit=record.measured_in,
        categories=[_day(one) for one in moments], series=series,
    )  # fmt: skip


def _length(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _text(value: Decimal | None) -> str:
    return "" if value is None else write_figure(value)


def _readings(request: HttpRequest, record: Any) -> Table | None:
    write = may(request, READ)
    rows = [
        {
            "period": f"{_day(one.period_start)} – {_day(one.period_end)}",
            "value": write_figure(one.value),
            "parts": f"{write_figure(one.numerator)} ÷ {write_figure(one.denominator)}"
            if one.numerator is not None and one.denominator is not None
            else "",
            "quality": str(label("Reading", "quality", one.quality)),
            "source": one.source,
            "note": one.note,
            "act": say("Correct"),
            "url": verb_of("indicator", one, "change", "reading") if write else "",
        }
        for one in reversed(record.held_readings)
    ]
    columns = [
        Column("period", say("Period"), note="note"),
        Column("value", say("Value"), note="parts"),
        Column("quality", say("Quality")),
        Column("source", say("Source")),
        *act(write),
    ]
    return table("readings", say("Readings"), columns, rows)


def _targets(request: HttpRequest, record: Any) -> Table | None:
    write = may(request, WRITE)
    rows = [
        {
            "due": one.due,
            "value": write_figure(one.value),
            "act": say("Change"),
            "url": verb_of("indicator", one, "change", "target") if write else "",
        }
        for one in record.held_targets
    ]
    columns = [Column("due", say("By the day"), "date"), Column("value", say("Aim")), *act(write)]
    return table("targets", say("What is aimed at"), columns, rows)


def _found() -> QuerySet[Any]:
    latest = Reading.objects.filter(indicator=OuterRef("pk")).order_by("-period_end")
    aimed = Target.objects.filter(indicator=OuterRef("pk")).order_by("-due")
    found: QuerySet[Any] = Indicator.objects.select_related("unit").annotate(
        last_value=Subquery(latest.values("value")[:1]),
        last_day=Subquery(latest.values("period_end")[:1]),
        last_quality=Subquery(latest.values("quality")[:1]),
        aim=Subquery(aimed.values("value")[:1]),
    )
    return found


INDICATORS = Noun(
    name="indicator",
    one="indicator",
    many="indicators",
    slug="indicators",
    title=_("Indicators"),
    singular=_("Indicator"),
    lede=_("What tells whether a goal comes nearer: what is aimed at, what was read, and how good the figure is."),
    sought=("programme_code", "definition"),
    columns=(
        Col("title", _("Indicator"), naming.titled, sort="title", link=page_of, note=lambda r: r.measured_in),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("unit", _("Unit"), lambda r: naming.titled(r.unit) if r.unit else "", sort="unit__code"),
        Col("value", _("Last read"), lambda r: _text(r.last_value) or None, note=lambda r: str(label("Reading", "quality", r.last_quality)) if r.last_quality else ""),
        Col("day", _("To the day"), lambda r: r.last_day, "date", sort="last_day"),
        Col("aim", _("Aim"), lambda r: _text(r.aim) or None),
    ),
    add=adds(
        _("New indicator"), WRITE, lambda asked: actions.add_indicator(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *SAID.inputs), SAID.title), BASE,
    ),
    verbs=VERBS,
    filters=(
        by_unit("indicator"),
        by_choice("indicator", "frequency"),
        by_state(_("What is amiss"), {
            "late": (_("out of date"), lambda found: found.filter(pk__in=waiting.indicators_out_of_date(timezone.localdate()).values("pk"))),
            "no_target": (_("aiming at nothing"), lambda found: found.filter(targets__isnull=True)),
            "no_goal": (_("telling of no goal"), lambda found: found.filter(goal_indicators__isnull=True)),
        }),
    ),
    parts=(
        Part(
            "readings", _("Readings"), _readings, "reading", "indicator", heads=("read",), empty=_("It was never read."),
            verbs=(corrects(_("Correct a reading"), READ, *(Input(one.name, help=one.help, wide=one.wide) for one in FIGURES)),),
        ),
        Part(
            "targets", _("What is aimed at"), _targets, "target", "indicator", heads=("aim",), empty=_("It aims at nothing."),
            verbs=(verb("change", _("Aim at another value"), WRITE, correct, Input("value"), why="needed", first=lambda record: {"value": record.value}),),
        ),
        related("goals", _("Goals that it tells of"), lambda record: record.goals.order_by("code"), empty=_("It tells of no goal.")),
    ),
    found=_found,
    lead=_lead,
    template="workbench/indicator.html",
    hidden=frozenset({"title", "title_en"}),
    histories=("reading", "target"),
)  # fmt: skip
