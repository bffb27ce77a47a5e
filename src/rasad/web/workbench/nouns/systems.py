"""Systems, and the data links between units, institutions and systems."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from rasad.actions import systems as actions
from rasad.records.labels import label
from rasad.records.models import DataLink, System
from rasad.web.workbench import naming
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.nouns.filters import by_choice, by_state, by_unit
from rasad.web.workbench.nouns.kinds import Col, Fieldset, Input, Noun, key_of, verb
from rasad.web.workbench.nouns.verbs import adds, changes, related

WRITE = "systems.write"
SAID = Fieldset(
    (
        Input("name", wide=True),
        Input("name_en", wide=True, help=_("For readers of the English pages.")),
        Input("unit", help=_("Whose system it is: code or name.")),
        Input("purpose"),
        Input("supplier"),
        Input("users"),
    ),
    _("The system"),
)
STATE = Fieldset((Input("state"), Input("in_use_since"), Input("retired_on")), _("Its state"))

SYSTEMS = Noun(
    name="system",
    one="system",
    many="systems",
    slug="systems",
    title=_("Systems"),
    singular=_("System"),
    lede=_("The systems of the municipality: whose they are, what they do, since when they are in use."),
    sought=("purpose", "supplier"),
    columns=(
        Col("name", _("System"), naming.titled, sort="name", link=page_of, note=lambda r: r.purpose),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("unit", _("Unit"), lambda r: naming.titled(r.unit), sort="unit__code"),
        Col("state", _("State"), lambda r: str(label("System", "state", r.state)), sort="state"),
        Col("since", _("In use since"), lambda r: r.in_use_since, "date", sort="in_use_since"),
        Col("users", _("Users"), lambda r: r.users, "number", sort="users"),
    ),
    add=adds(
        _("New system"), WRITE, lambda asked: actions.add_system(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *SAID.inputs), SAID.title), STATE,
    ),
    verbs=(
        changes(
            WRITE,
            lambda asked: actions.change_system(system=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            SAID, STATE,
        ),
        verb(
            "use", _("Put in use"), WRITE,
            lambda asked: actions.put_in_use(system=asked.record, seen=asked.version, by=asked.by, why=asked.why, since=asked.told["in_use_since"]),
            Input("in_use_since", required=True), fits=lambda record: record.state in ("planned", "building"),
        ),
        verb(
            "retire", _("Retire"), WRITE,
            lambda asked: actions.retire(system=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["retired_on"]),
            Input("retired_on", required=True), lede=_("It stays in view."), fits=lambda record: record.state == "in_use", danger=True,
        ),
    ),
    filters=(by_choice("system", "state"), by_unit("system")),
    parts=(
        related("links", _("Data links"), lambda record: DataLink.objects.filter(Q(provider_system=record) | Q(consumer_system=record)).order_by("code"), empty=_("No data link names it.")),
    ),
    found=lambda: System.objects.select_related("unit"),
    hidden=frozenset({"name", "name_en"}),
)  # fmt: skip


# --- Data links ----------------------------------------------------------------------------------------------------

STATES = {
    "needed": _("needed"),
    "agreed": _("agreed, not in use"),
    "in_use": _("in use"),
    "unseen": _("said to be in use, not seen lately"),
}


def _state(record: DataLink) -> str:
    return str(STATES[record.state(timezone.localdate())])


def _side(record: DataLink, side: str) -> str:
    system = getattr(record, f"{side}_system")
    return naming.titled(system) if system else ""


def _sides(side: str, title: Any) -> Fieldset:
    return Fieldset(
        (
            Input(f"{side}_unit", help=_("A unit …")),
            Input(f"{side}_institution", help=_("… or an institution: one of both.")),
            Input(f"{side}_system"),
        ),
        title,
    )


FROM, TO = _sides("provider", _("From")), _sides("consumer", _("To"))
WHAT = Fieldset(
    (
        Input("data", wide=True, help=_("Which data goes over it.")),
        Input("legal_basis", wide=True),
        Input("needed_since"),
        Input("trips_saved"),
        Input("note", wide=True),
    ),
    _("The data link"),
)


def _today(found: Any, name: str) -> Any:
    links: Any = DataLink.objects
    today = timezone.localdate()
    if name == "needed":
        return found.filter(Q(agreed_on__isnull=True) | Q(agreed_on__gt=today)).filter(
            Q(in_use_since__isnull=True) | Q(in_use_since__gt=today)
        )
    if name == "agreed":
        return found.filter(agreed_on__lte=today).filter(
            Q(in_use_since__isnull=True) | Q(in_use_since__gt=today)
        )
    return found.filter(pk__in=getattr(links, name)(today).values("pk"))


def _narrow(name: str) -> Any:
    return lambda found: _today(found, name)


LINKS = Noun(
    name="data_link",
    one="link",
    many="links",
    slug="links",
    title=_("Data links"),
    singular=_("Data link"),
    lede=_("Data that one side provides and another uses: needed, agreed on, in use, last seen in use."),
    sought=("provider_unit__name", "provider_institution__name", "consumer_unit__name", "consumer_institution__name", "provider_system__name", "consumer_system__name"),
    columns=(
        Col("data", _("Data"), lambda r: r.data, sort="data", link=page_of),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("provider", _("From"), lambda r: naming.titled(r.provider), note=lambda r: _side(r, "provider")),
        Col("consumer", _("To"), lambda r: naming.titled(r.consumer), note=lambda r: _side(r, "consumer")),
        Col("state", _("State"), _state),
        Col("seen", _("Last seen in use"), lambda r: r.last_seen_on, "date", sort="last_seen_on"),
    ),
    add=adds(
        _("New data link"), WRITE, lambda asked: actions.add_link(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *WHAT.inputs), WHAT.title), FROM, TO,
    ),
    verbs=(
        verb(
            "seen", _("It was seen in use"), WRITE,
            lambda asked: actions.see_in_use(link=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["last_seen_on"]),
            Input("last_seen_on", label=_("On the day"), required=True), first=lambda record: {"last_seen_on": timezone.localdate()}, main=True,
            lede=_("The first such day is the one since when it is in use."),
        ),
        verb(
            "agree", _("Both sides agreed"), WRITE,
            lambda asked: actions.agree(link=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["agreed_on"], legal_basis=asked.told["legal_basis"]),
            Input("agreed_on", required=True), Input("legal_basis", wide=True), first=lambda record: {"legal_basis": record.legal_basis},
            fits=lambda record: record.agreed_on is None, main=True,
        ),
        changes(
            WRITE,
            lambda asked: actions.change_link(link=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            WHAT, FROM, TO, Fieldset((Input("agreed_on"), Input("in_use_since"), Input("last_seen_on")), _("Its state")),
        ),
    ),
    filters=(
        by_state(_("State"), {name: (said, _narrow(name)) for name, said in STATES.items()}),
        by_unit("data_link", "provider_unit"),
        by_unit("data_link", "consumer_unit"),
    ),
    found=lambda: DataLink.objects.all().with_sides(),
    hidden=frozenset({"data"}),
    chip=_state,
)  # fmt: skip
