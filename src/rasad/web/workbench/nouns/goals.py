"""Goals: a tree with weights, the indicators that tell of each, the projects that serve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import goals as actions
from rasad.actions.sets import fingerprint
from rasad.records.changes import StaleError
from rasad.records.models import AuditEvent, Goal, Reading, Target
from rasad.records.problems import WHOLE_BP
from rasad.web.theme.parts import Column, Stat, Table
from rasad.web.theme.site import Link
from rasad.web.workbench import naming
from rasad.web.workbench.fields import write_figure
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.nouns.filters import by_state, by_unit
from rasad.web.workbench.nouns.kinds import Asked, Col, Fieldset, Input, Noun, Part, Rows, Verb, key_of, verb
from rasad.web.workbench.nouns.verbs import adds, changes, table
from rasad.web.workbench.versions import number_in

WRITE = "goals.write"
SAID = Fieldset(
    (
        Input("title", wide=True),
        Input("title_en", wide=True, help=_("For readers of the English pages.")),
        Input("unit", help=_("Who answers for it: code or name.")),
        Input("programme_code"),
        Input("is_general", label=_("So wide that money on it is no focus")),
        Input("source"),
        Input("valid_from"),
        Input("valid_until"),
        Input("description", wide=True),
    ),
    _("The goal"),
)
PLACE = (
    Input("parent", label=_("Part of the goal"), help=_("Empty for one at the top.")),
    Input("weight_bp", label=_("Weight among those beside it (%)"), required=False),
)


# --- Weights -------------------------------------------------------------------------------------------------------


def _children(record: Goal) -> list[Goal]:
    return list(Goal.objects.filter(parent=record).order_by("code"))


def _beside(record: Goal) -> list[Goal]:
    return list(Goal.objects.filter(parent=record.parent_id).order_by("code"))


def _weights(goals: Sequence[Goal]) -> Mapping[str, Any]:
    return {
        "weights": [{"weight_bp": one.weight_bp, "shown": naming.called(one), "record": one} for one in goals]
    }


def _weigh(asked: Asked) -> Any:
    versions = dict(part.split(":") for part in asked.seen.split(",") if ":" in part)
    weights = {row["record"]: row["weight_bp"] or 0 for row in asked.told["weights"]}
    if {str(goal.pk) for goal in weights} != set(versions):
        events = AuditEvent.objects.filter(noun="goal", record_id__in=[goal.pk for goal in weights])
        raise StaleError(asked.record, list(events.order_by("-id")[:10])[::-1])
    seen = {goal: number_in(versions[str(goal.pk)]) for goal in weights}
    return actions.weigh(weights=weights, seen=seen, by=asked.by, why=asked.why)


def _weighing(name: str, label: Any, lede: Any, goals: Any, least: int) -> Verb:
    rows = Rows(
        "weights", (Input("weight_bp", label=_("Weight (%)")),), whole="weight_bp", exactly=False, fixed=True
    )
    return verb(
        name, label, WRITE, _weigh, rows,
        lede=lede, first=lambda record: _weights(goals(record)), seen=lambda record: fingerprint(goals(record)),
        fits=lambda record: len(goals(record)) >= least,
    )  # fmt: skip


VERBS = (
    changes(
        WRITE,
        lambda asked: actions.change_goal(goal=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        SAID,
    ),
    verb(
        "indicators", _("Say which indicators tell of it"), WRITE,
        lambda asked: actions.set_indicators(
            goal=asked.record, indicators=[row["indicator"] for row in asked.told["indicators"]], seen=asked.seen, by=asked.by, why=asked.why
        ),
        Rows("indicators", (Input("indicator", "goal_indicator.indicator", label=_("Indicator"), required=True),), label=_("Indicators")),
        first=lambda record: {"indicators": [{"indicator": one.indicator} for one in record.goal_indicators.select_related("indicator").order_by("indicator__code")]},
        seen=lambda record: fingerprint(record.goal_indicators.all()),
    ),
    _weighing("weigh", _("Weigh its part goals"), _("Together at most 100 %; what remains is weighed for nothing."), _children, 1),
    _weighing("weigh-beside", _("Weigh it against those beside it"), _("Together at most 100 %; what remains is weighed for nothing."), _beside, 2),
    Verb(
        "move", _("Move in the tree"), WRITE,
        lambda asked: actions.move_goal(
            goal=asked.record, seen=asked.version, by=asked.by, why=asked.why, parent=asked.told["parent"], weight_bp=asked.told["weight_bp"] or 0
        ),
        (Fieldset(PLACE),), first=lambda record: {"parent": record.parent, "weight_bp": record.weight_bp},
    ),
    verb(
        "end", _("End it"), WRITE,
        lambda asked: actions.end_goal(goal=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["valid_until"]),
        Input("valid_until", label=_("From the day on it holds no more"), required=True),
        lede=_("It stays in view, with what was spent on it."), fits=lambda record: record.valid_until is None, danger=True,
    ),
)  # fmt: skip


# --- What stands on the page ---------------------------------------------------------------------------------------


def _lead(request: HttpRequest, record: Goal) -> Mapping[str, Any]:
    return {"above": _above(record), "stats": _stats(record)}


def _above(record: Goal) -> list[Link]:
    """Return the goals of which it is a part, the widest first."""
    if record.parent_id is None:
        return []
    parents = dict(Goal.objects.values_list("pk", "parent_id"))
    way: list[int] = []
    at: int | None = record.parent_id
    while at is not None and at not in way:
        way.append(at)
        at = parents.get(at)
    held = Goal.objects.in_bulk(way)
    return [Link(naming.titled(held[pk]), page_of(held[pk])) for pk in reversed(way) if pk in held]


def _stats(record: Goal) -> list[Stat]:
    return [
        Stat(say("Weight"), share=record.weight_bp / WHOLE_BP, note=say("among the goals beside it")),
        Stat(say("Part goals"), number=record.children_count),  # type: ignore[attr-defined]
        Stat(say("Indicators"), number=record.indicator_count, note="" if record.indicator_count else say("nothing tells whether it comes nearer")),  # type: ignore[attr-defined]
        Stat(say("Projects"), number=record.project_count, note="" if record.project_count else say("no project serves it")),  # type: ignore[attr-defined]
    ]  # fmt: skip


def _parts(request: HttpRequest, record: Goal) -> Table | None:
    found = Goal.objects.filter(parent=record).order_by("code")
    rows = [
        {"goal": naming.titled(one), "url": page_of(one), "code": one.code, "share": one.weight_bp / WHOLE_BP}
        for one in found
    ]
    whole = sum(row["share"] for row in rows)
    columns = [Column("goal", say("Goal"), link="url", note="code"), Column("share", say("Weight"), "share")]
    made = table("parts", say("Part goals"), columns, rows)
    if made is None:
        return None
    rest = {"goal": say("weighed for nothing"), "share": max(1 - whole, 0.0)}
    return Table(
        made.id, made.caption, columns, [*rows, rest] if whole < 0.99995 else rows, caption_hidden=True
    )


def _indicators(request: HttpRequest, record: Goal) -> Table | None:
    latest = Reading.objects.filter(indicator=OuterRef("pk")).order_by("-period_end")
    aimed = Target.objects.filter(indicator=OuterRef("pk")).order_by("-due")
    found = record.indicators.annotate(
        read=Subquery(latest.values("value")[:1]),
        read_on=Subquery(latest.values("period_end")[:1]),
        aim=Subquery(aimed.values("value")[:1]),
        aim_on=Subquery(aimed.values("due")[:1]),
    ).order_by("code")
    rows = [
        {
            "indicator": naming.titled(one),
            "url": page_of(one),
            "unit": one.measured_in,
            "read": None if one.read is None else write_figure(one.read),
            "read_on": one.read_on,
            "aim": None if one.aim is None else write_figure(one.aim),
            "aim_on": one.aim_on,
        }
        for one in found
    ]
    columns = [
        Column("indicator", say("Indicator"), link="url", note="unit"),
        Column("read", say("Last read")),
        Column("read_on", say("To the day"), "date"),
        Column("aim", say("Aim")),
        Column("aim_on", say("By the day"), "date"),
    ]
    return table("indicators", say("Indicators"), columns, rows)


def _projects(request: HttpRequest, record: Goal) -> Table | None:
    found = record.project_goals.select_related("project", "project__unit").order_by(
        "-weight_bp", "project__code"
    )
    rows = [
        {
            "project": naming.titled(one.project),
            "url": page_of(one.project),
            "unit": naming.titled(one.project.unit),
            "share": one.weight_bp / WHOLE_BP,
        }
        for one in found
    ]
    columns = [
        Column("project", say("Project"), link="url", note="unit"),
        Column("share", say("Share of the project"), "share"),
    ]
    return table("projects", say("Projects that serve it"), columns, rows)


def _found() -> QuerySet[Any]:
    found: QuerySet[Any] = Goal.objects.select_related("unit", "parent").annotate(
        indicator_count=_counted("goal_indicators"),
        project_count=_counted("project_goals"),
        children_count=_counted("children"),
    )
    return found


def _counted(name: str) -> Subquery:
    """Return how many of a goal's there are, each counted by itself: joined, they would multiply one another."""
    return Subquery(
        Goal.objects.filter(pk=OuterRef("pk")).order_by().values("pk").annotate(n=Count(name)).values("n")
    )


GOALS = Noun(
    name="goal",
    one="goal",
    many="goals",
    slug="goals",
    title=_("Goals"),
    singular=_("Goal"),
    lede=_("What the city is to come to: a tree, each goal with its weight among those beside it."),
    sought=("programme_code",),
    columns=(
        Col("title", _("Goal"), naming.titled, sort="title", link=page_of, depth=True, note=lambda r: naming.titled(r.unit) if r.unit else ""),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("weight", _("Weight"), lambda r: r.weight_bp / WHOLE_BP, "share", sort="weight_bp"),
        Col("indicators", _("Indicators"), lambda r: r.indicator_count, "number", sort="indicator_count"),
        Col("projects", _("Projects"), lambda r: r.project_count, "number", sort="project_count"),
    ),
    add=adds(
        _("New goal"), WRITE, lambda asked: actions.add_goal(by=asked.by, why=asked.why, **{**asked.told, "weight_bp": asked.told["weight_bp"] or 0}),
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *SAID.inputs), SAID.title),
        Fieldset(PLACE, _("Its place in the tree")),
    ),
    verbs=VERBS,
    filters=(
        by_unit("goal"),
        by_state(_("What is amiss"), {
            "no_indicator": (_("no indicator tells of it"), lambda found: found.filter(goal_indicators__isnull=True, children__isnull=True)),
            "no_project": (_("no project serves it"), lambda found: found.filter(project_goals__isnull=True)),
            "ended": (_("holds no more"), lambda found: found.filter(valid_until__lte=timezone.localdate())),
        }),
    ),
    parts=(
        Part("parts", _("Part goals"), _parts, heads=("weigh",)),
        Part("indicators", _("Indicators"), _indicators, heads=("indicators",), empty=_("Nothing tells whether it comes nearer.")),
        Part("projects", _("Projects that serve it"), _projects, empty=_("No project serves it.")),
    ),
    found=_found,
    tree="parent",
    lead=_lead,
    template="workbench/goal.html",
    hidden=frozenset({"title", "title_en"}),
    histories=("goal_indicator",),
)  # fmt: skip
