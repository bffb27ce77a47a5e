"""Services to citizens and the ways to them, with what each asks of a citizen."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import services as actions
from rasad.records.labels import label
from rasad.records.models import Channel, Project, Service
from rasad.web.theme.parts import Column, Table
from rasad.web.workbench import naming
from rasad.web.workbench.allowed import may
from rasad.web.workbench.fields import write_figure
from rasad.web.workbench.nouns.addresses import page_of, verb_of
from rasad.web.workbench.nouns.filters import by_state, by_unit
from rasad.web.workbench.nouns.kinds import Asked, Col, Fieldset, Input, Noun, Part, key_of, verb
from rasad.web.workbench.nouns.verbs import act, adds, changes, corrects, related, table

WRITE = "services.write"
SAID = Fieldset(
    (
        Input("name", wide=True),
        Input("name_en", wide=True, help=_("For readers of the English pages.")),
        Input("unit", help=_("Who is competent for it: code or name.")),
        Input("audience"),
        Input("legal_basis", wide=True),
        Input("description", wide=True),
    ),
    _("The service"),
)
ASKS = Fieldset(
    (Input("fee"), Input("promised_days"), Input("yearly_cases")), _("What it asks, and how often")
)
WAY = tuple(
    Input(name, f"channel.{name}")
    for name in ("since", "until", "trips", "waiting_minutes", "travel_cost", "elapsed_days", "yearly_cases")
)


def _given(asked: Asked, active: bool) -> Any:
    return actions.change_service(
        service=asked.record, seen=asked.version, by=asked.by, why=asked.why, is_active=active
    )


VERBS = (
    changes(
        WRITE,
        lambda asked: actions.change_service(service=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        SAID, ASKS,
    ),
    verb(
        "channel", _("Open a way to it"), WRITE,
        lambda asked: actions.open_channel(service=asked.record, by=asked.by, why=asked.why, **asked.told),
        Input("kind", "channel.kind", required=True), *WAY,
    ),
    verb(
        "stop", _("It is given no more"), WRITE,
        lambda asked: actions.stop_service(service=asked.record, seen=asked.version, by=asked.by, why=asked.why),
        fits=lambda record: record.is_active, danger=True, lede=_("It stays in view."),
    ),
    verb("resume", _("It is given again"), WRITE, lambda asked: _given(asked, True), fits=lambda record: not record.is_active),
)  # fmt: skip


def _channels(request: HttpRequest, record: Service) -> Table | None:
    write = may(request, WRITE)
    rows = [
        {
            "kind": str(label("Channel", "kind", one.kind)),
            "since": one.since,
            "until": one.until,
            "trips": None if one.trips is None else write_figure(one.trips),
            "wait": one.waiting_minutes,
            "cost": one.travel_cost,
            "days": None if one.elapsed_days is None else write_figure(one.elapsed_days),
            "cases": one.yearly_cases,
            "act": say("Change"),
            "url": verb_of("service", one, "change", "channel") if write else "",
        }
        for one in Channel.objects.filter(service=record).order_by("kind")
    ]
    columns = [
        Column("kind", say("Way")),
        Column("trips", say("Trips")),
        Column("wait", say("Waiting (minutes)"), "number"),
        Column("cost", say("Cost of the way"), "money"),
        Column("days", say("Days")),
        Column("cases", say("Cases a year"), "number"),
        Column("since", say("Since"), "date"),
        Column("until", say("Until"), "date"),
        *act(write),
    ]
    return table("channels", say("Ways to it"), columns, rows)


SERVICES = Noun(
    name="service",
    one="service",
    many="services",
    slug="services",
    title=_("Services"),
    singular=_("Service"),
    lede=_("What the municipality does for citizens, by which ways, and what each way asks of them."),
    sought=("audience",),
    columns=(
        Col("name", _("Service"), naming.titled, sort="name", link=page_of, note=lambda r: "" if r.is_active else say("given no more")),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("unit", _("Unit"), lambda r: naming.titled(r.unit), sort="unit__code"),
        Col("channels", _("Ways"), lambda r: r.channel_count, "number", sort="channel_count"),
        Col("cases", _("Cases a year"), lambda r: r.yearly_cases, "number", sort="yearly_cases"),
        Col("fee", _("Fee"), lambda r: r.fee, "money", sort="fee"),
    ),
    add=adds(
        _("New service"), WRITE, lambda asked: actions.add_service(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *SAID.inputs), SAID.title), ASKS,
    ),
    verbs=VERBS,
    filters=(
        by_unit("service"),
        by_state(_("State"), {
            "given": (_("given"), lambda found: found.filter(is_active=True)),
            "stopped": (_("given no more"), lambda found: found.filter(is_active=False)),
            "no_channel": (_("no way to it is named"), lambda found: found.filter(channels__isnull=True)),
        }),
    ),
    parts=(
        Part(
            "channels", _("Ways to it"), _channels, "channel", "service", heads=("channel",), empty=_("No way to it is named."),
            verbs=(corrects(_("Change a way"), WRITE, *(Input(one.name) for one in WAY), why="asked"),),
        ),
        related("projects", _("Projects that change it"), lambda record: Project.objects.filter(project_services__service=record).order_by("code")),
    ),
    found=lambda: Service.objects.select_related("unit").annotate(channel_count=Count("channels")),
    hidden=frozenset({"name", "name_en"}),
    histories=("channel",),
)  # fmt: skip
