"""What a project's page begins with: what was promised against what is promised now, where the work stands, the computed rating with its
reasons, and the way of the work over time beside an even course."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from rasad.records.labels import label
from rasad.records.models import Baseline, Milestone, Progress, Project
from rasad.records.ratings import Rating, course_of, rate
from rasad.web.theme import show
from rasad.web.theme.charts import Chart, Series
from rasad.web.theme.parts import Stat
from rasad.web.workbench import days, frame
from rasad.web.workbench.fields import currency_of_city
from rasad.web.workbench.nouns import project_money


def lead(request: HttpRequest, record: Project) -> Mapping[str, Any]:
    """Return the page's head of a project; what its history needs is read here, once."""
    from django.db.models import Prefetch

    prefetch_related_objects(
        [record],
        Prefetch("baselines", Baseline.objects.order_by("number")),
        Prefetch("milestones", Milestone.objects.order_by("due", "number")),
        Prefetch("progress", Progress.objects.order_by("as_of")),
    )
    today = timezone.localdate()
    rating = rate(course_of(record), today)
    chart = _chart(record)
    rows = (
        [(when, [one.texts[spot] for one in chart.series]) for spot, when in enumerate(chart.categories)]
        if chart
        else []
    )
    return {
        "stats": [*_stats(record), project_money.stat(request, record)],
        "rating": _rating(record, rating),
        "chart": chart,
        "chart_rows": rows,
    }


def _stats(record: Project) -> list[Stat]:
    promises = list(record.baselines.all())
    reports = list(record.progress.all())
    first, now = (promises[0], promises[-1]) if promises else (None, None)
    changed = first is not None and now is not None and first.pk != now.pk
    last = reports[-1] if reports else None
    return [
        Stat(
            _("Budget now"),
            amount=now.budget if now else None,
            text="" if now and now.budget is not None else "—",
            note=_first_budget(first) if changed and first else "",
        ),
        Stat(
            _("To end"),
            text=_day(now.end if now else None),
            note=_("first promised: %(day)s") % {"day": _day(first.end)} if changed and first else "",
        ),
        Stat(
            _("Physical progress"),
            share=last.physical_bp / 10_000 if last else None,
            text="" if last else "—",
            note=_("as of %(day)s, said by %(who)s") % {"day": _day(last.as_of), "who": last.said_by}
            if last
            else _("nobody has reported any"),
        ),
        Stat(
            _("Baselines changed"),
            number=max(len(promises) - 1, 0),
            note=_("times") if promises else _("no baseline yet"),
        ),
    ]


def _first_budget(first: Baseline) -> str:
    if first.budget is None:
        return _("first promised without a budget")
    currency, lang = currency_of_city(), frame.lang()
    number, unit = show.scaled_amount(first.budget, currency, "auto", lang)
    return _("first promised: %(amount)s") % {"amount": f"{number} {unit}"}


def _day(day: date | None) -> str:
    return show.day(day, days.calendar(), frame.lang())[0] if day else "—"


def _rating(record: Project, rating: Rating) -> dict[str, Any]:
    if rating.state == "ok":
        said = str(label("Project", "self_rating", rating.value))
    else:
        said = _("cannot be rated: data is missing") if rating.state == "insufficient" else _("not rated")
    return {
        "said": said,
        "level": rating.value,
        "reasons": [str(one.message()) for one in rating.reasons],
        "own": str(label("Project", "self_rating", record.self_rating)) if record.self_rating else "",
        "better": rating.self_rated_better,
    }


def _chart(record: Project) -> Chart | None:
    """Return the reports beside an even course of the baseline in force; None where fewer than two reports were made."""
    reports = list(record.progress.all())
    if len(reports) < 2:
        return None
    promises = list(record.baselines.all())
    now = promises[-1] if promises else None
    even = [_even(now, one.as_of) for one in reports]
    lang = frame.lang()
    done = [one.physical_bp / 10_000 for one in reports]
    series = [
        Series(
            _("reported"), [round(one * 100, 2) for one in done], [show.percent(one, lang) for one in done]
        )
    ]
    if any(one is not None for one in even):
        series.append(
            Series(
                _("even course from start to end"),
                [None if one is None else round(one * 100, 2) for one in even],
                [show.percent(one, lang) for one in even],
            )
        )
    return Chart(
        id="course",
        kind="line",
        title=_("Physical progress over time"),
        unit=_("percent"),
        categories=[_day(one.as_of) for one in reports],
        series=series,
    )


def _even(promise: Baseline | None, day: date) -> float | None:
    if promise is None or promise.start is None or promise.end is None:
        return None
    whole = max((promise.end - promise.start).days, 1)
    return min(max((day - promise.start).days / whole, 0.0), 1.0)
