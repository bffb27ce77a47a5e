"""Assets, contracts and resolutions: what was bought, by which agreement, on whose order."""

from __future__ import annotations

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import assets, contracts, resolutions
from rasad.records.labels import label
from rasad.records.models import Asset, Baseline, Contract, Resolution
from rasad.web.workbench import naming
from rasad.web.workbench.nouns.addresses import page_of
from rasad.web.workbench.nouns.filters import by_choice, by_state, by_unit
from rasad.web.workbench.nouns.kinds import Col, Fieldset, Input, Noun, key_of, verb
from rasad.web.workbench.nouns.verbs import adds, changes, related

WRITE = "assets.write"
THING = Fieldset(
    (
        Input("name", wide=True), Input("kind"), Input("model"), Input("serial"), Input("quantity"),
        Input("used", help=_("Of licences: how many are in use.")),
    ),
    _("The asset"),
)  # fmt: skip
WHERE = Fieldset(
    (Input("unit", help=_("Who uses it: code or name.")), Input("place"), Input("state")), _("Where it is")
)
BOUGHT = Fieldset(
    (
        Input("price"), Input("bought_on"), Input("registered_on"), Input("contract_no"), Input("document_no"),
        Input("end_of_life"), Input("warranty_until"), Input("source"),
    ),
    _("How it came"),
)  # fmt: skip

ASSETS = Noun(
    name="asset",
    one="asset",
    many="assets",
    slug="assets",
    title=_("Assets"),
    singular=_("Asset"),
    lede=_("What was bought: whether it is registered, whether it is in use, and until when it lasts."),
    sought=("model", "serial", "place", "contract_no", "document_no"),
    columns=(
        Col("name", _("Asset"), naming.titled, sort="name", link=page_of, note=lambda r: r.model),
        Col("tag", _("Tag"), key_of, "code", sort="tag"),
        Col("kind", _("Kind"), lambda r: str(label("Asset", "kind", r.kind)), sort="kind"),
        Col("unit", _("Unit"), lambda r: naming.titled(r.unit) if r.unit else "", sort="unit__code"),
        Col("state", _("State"), lambda r: str(label("Asset", "state", r.state)), sort="state", note=lambda r: say("not registered") if r.bought_on and not r.registered_on else ""),
        Col("price", _("Price"), lambda r: r.price, "money", sort="price"),
        Col("bought", _("Bought on"), lambda r: r.bought_on, "date", sort="bought_on"),
    ),
    add=adds(
        _("New asset"), WRITE, lambda asked: assets.add_asset(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("tag", help=_("What stands on its label; it never changes.")), *THING.inputs), THING.title), WHERE, BOUGHT,
    ),
    verbs=(
        verb(
            "enter", _("Enter in the register of property"), WRITE,
            lambda asked: assets.enter(asset=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["registered_on"]),
            Input("registered_on", required=True), first=lambda record: {"registered_on": timezone.localdate()},
            fits=lambda record: record.registered_on is None, main=True,
        ),
        changes(
            WRITE,
            lambda asked: assets.change_asset(asset=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            THING, WHERE, BOUGHT,
        ),
        verb(
            "hand-over", _("Hand over to a unit"), WRITE,
            lambda asked: assets.hand_over(asset=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            Input("unit", required=True), Input("place"), fits=lambda record: record.state not in ("retired", "lost"),
        ),
        verb(
            "retire", _("Give it up"), WRITE,
            lambda asked: assets.retire(asset=asked.record, seen=asked.version, by=asked.by, why=asked.why),
            lede=_("It stays in view."), why="needed", fits=lambda record: record.state not in ("retired", "lost"), danger=True,
        ),
        verb(
            "lost", _("It was lost"), WRITE,
            lambda asked: assets.retire(asset=asked.record, seen=asked.version, by=asked.by, why=asked.why, lost=True),
            lede=_("It stays in view."), why="needed", fits=lambda record: record.state not in ("retired", "lost"), danger=True,
        ),
    ),
    filters=(
        by_choice("asset", "kind"),
        by_choice("asset", "state"),
        by_unit("asset"),
        by_state(_("What is amiss"), {
            "unregistered": (_("bought, not registered"), lambda found: found.filter(bought_on__isnull=False, registered_on__isnull=True)),
            "past_life": (_("in use past its life"), lambda found: found.exclude(state__in=("retired", "lost")).filter(end_of_life__lt=timezone.localdate())),
            "unused": (_("licences not all in use"), lambda found: found.exclude(state__in=("retired", "lost")).filter(kind="licence", used__lt=F("quantity"))),
        }),
    ),
    found=lambda: Asset.objects.select_related("unit"),
    hidden=frozenset({"name"}),
    chip=lambda record: str(label("Asset", "state", record.state)),
)  # fmt: skip

CONTRACT_WRITE = "contracts.write"
SUBJECT = Fieldset(
    (
        Input("title", wide=True), Input("unit", help=_("Whose contract it is: code or name.")), Input("method"),
        Input("supplier_name"), Input("supplier_id"), Input("supplier_is_person", help=_("Then the public never sees the name.")),
        Input("note", wide=True),
    ),
    _("The contract"),
)  # fmt: skip
TERMS = Fieldset(
    (Input("signed_on"), Input("start"), Input("end"), Input("amount"), Input("current_amount")),
    _("Its terms"),
)

CONTRACTS = Noun(
    name="contract_record",
    one="contract",
    many="contracts",
    slug="contracts",
    title=_("Contracts"),
    singular=_("Contract"),
    lede=_("What was agreed with whom: the amount as signed beside the amount now."),
    sought=("supplier_name", "supplier_id"),
    columns=(
        Col("title", _("Subject"), lambda r: r.title, sort="title", link=page_of, note=lambda r: r.supplier_name),
        Col("no", _("Number"), key_of, "code", sort="contract_no"),
        Col("unit", _("Unit"), lambda r: naming.titled(r.unit) if r.unit else "", sort="unit__code"),
        Col("state", _("State"), lambda r: str(label("Contract", "state", r.state)), sort="state"),
        Col("amount", _("Amount now"), lambda r: r.amount if r.current_amount is None else r.current_amount, "money", sort="current_amount"),
        Col("end", _("To end"), lambda r: r.end, "date", sort="end"),
    ),
    add=adds(
        _("New contract"), CONTRACT_WRITE, lambda asked: contracts.add_contract(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("contract_no", help=_("What payments name it by; it never changes.")), *SUBJECT.inputs), SUBJECT.title), TERMS,
    ),
    verbs=(
        changes(
            CONTRACT_WRITE,
            lambda asked: contracts.change_contract(contract=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            SUBJECT, TERMS,
        ),
        verb(
            "amend", _("Amend"), CONTRACT_WRITE,
            lambda asked: contracts.amend(contract=asked.record, seen=asked.version, by=asked.by, why=asked.why, amount=asked.told["current_amount"], end=asked.told["end"]),
            Input("current_amount", required=True), Input("end"), lede=_("The amount as signed stays beside it."), why="needed",
            first=lambda record: {"current_amount": record.amount if record.current_amount is None else record.current_amount, "end": record.end},
            fits=lambda record: record.state in ("running", "suspended"), main=True,
        ),
        verb(
            "complete", _("It was completed"), CONTRACT_WRITE,
            lambda asked: contracts.close(contract=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["closed_on"], completed=True),
            Input("closed_on", required=True), fits=lambda record: record.state in ("running", "suspended"),
        ),
        verb(
            "terminate", _("It was terminated"), CONTRACT_WRITE,
            lambda asked: contracts.close(contract=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["closed_on"], completed=False),
            Input("closed_on", required=True), why="needed", fits=lambda record: record.state in ("running", "suspended"), danger=True,
        ),
    ),
    filters=(
        by_choice("contract_record", "state"),
        by_unit("contract_record"),
        by_state(_("What is amiss"), {
            "past_end": (_("running past its end"), lambda found: found.filter(state__in=("running", "suspended"), end__lt=timezone.localdate())),
        }),
    ),
    parts=(
        related("assets", _("Assets that name it"), lambda record: Asset.objects.filter(contract_no=record.contract_no).order_by("tag"), note="model"),
    ),
    found=lambda: Contract.objects.select_related("unit"),
    hidden=frozenset({"title"}),
    chip=lambda record: str(label("Contract", "state", record.state)),
)  # fmt: skip

COUNCIL = "resolutions.write"
TEXT = Fieldset(
    (
        Input("title", wide=True), Input("date"), Input("subject"), Input("commission"), Input("council_term"), Input("text", wide=True),
    ),
    _("The resolution"),
)  # fmt: skip
VOTES = Fieldset(
    (Input("votes_for"), Input("votes_against"), Input("votes_abstaining"), Input("votes_absent")), _("Votes")
)

RESOLUTIONS = Noun(
    name="resolution",
    one="resolution",
    many="resolutions",
    slug="resolutions",
    title=_("Resolutions"),
    singular=_("Resolution"),
    lede=_("What the council decided, as far as projects and their baselines name it."),
    sought=("subject", "commission", "text"),
    columns=(
        Col("title", _("Resolution"), lambda r: r.title, sort="title", link=page_of, note=lambda r: r.commission),
        Col("number", _("Number"), key_of, "code", sort="number"),
        Col("date", _("Date"), lambda r: r.date, "date", sort="date"),
        Col("state", _("State"), lambda r: str(label("Resolution", "state", r.state)), sort="state"),
        Col("notified", _("Notified on"), lambda r: r.notified_on, "date", sort="notified_on"),
    ),
    add=adds(
        _("New resolution"), COUNCIL, lambda asked: resolutions.add_resolution(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("number", help=_("What it is known by; it never changes.")), *TEXT.inputs), TEXT.title), VOTES,
    ),
    verbs=(
        verb(
            "notify", _("It was notified"), COUNCIL,
            lambda asked: resolutions.notify(resolution=asked.record, seen=asked.version, by=asked.by, why=asked.why, number=asked.told["notified_no"], on=asked.told["notified_on"]),
            Input("notified_no", required=True), Input("notified_on", required=True), fits=lambda record: record.state == "approved", main=True,
        ),
        changes(
            COUNCIL,
            lambda asked: resolutions.change_resolution(resolution=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            TEXT, Fieldset((Input("state"),), _("Its state")), VOTES,
        ),
    ),
    filters=(by_choice("resolution", "state"),),
    parts=(
        related("projects", _("Projects that it ordered"), lambda record: record.projects.order_by("code"), empty=_("No project names it.")),
        related("scenarios", _("Roadmaps that it adopted"), lambda record: record.scenarios.defer("problem").order_by("-adopted_on")),
        related("baselines", _("Baselines that rest on it"), lambda record: Baseline.objects.filter(resolution=record).select_related("project").order_by("project__code", "number"), note="reason"),
    ),
    found=lambda: Resolution.objects.all(),
    order="-date",
    hidden=frozenset({"title"}),
    chip=lambda record: str(label("Resolution", "state", record.state)),
)  # fmt: skip
