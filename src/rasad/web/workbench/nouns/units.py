"""Units as a dated tree with their posts, institutions outside, and the staff of the IT organisation by skill."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from rasad.actions import institutions, staff, units
from rasad.records.labels import label
from rasad.records.models import DataLink, Institution, Post, Project, StaffCount, Unit
from rasad.web.theme.parts import Column, Table
from rasad.web.workbench import naming
from rasad.web.workbench.allowed import may
from rasad.web.workbench.nouns.addresses import page_of, verb_of
from rasad.web.workbench.nouns.filters import by_choice, by_state, by_unit
from rasad.web.workbench.nouns.kinds import Asked, Col, Fieldset, Input, Noun, Part, key_of, verb
from rasad.web.workbench.nouns.verbs import act, adds, changes, corrects, related, table

WRITE, STAFF = "units.write", "staff.write"
SAID = Fieldset(
    (
        Input("name", wide=True),
        Input("name_en", wide=True, help=_("For readers of the English pages.")),
        Input("kind"),
        Input("is_it", label=_("It is the IT organisation, with all below it")),
        Input("valid_from"),
        Input("valid_until"),
        Input("note", wide=True),
    ),
    _("The unit"),
)
PARENT = Input("parent", label=_("Below which unit"), help=_("Empty for one at the top."))

VERBS = (
    changes(
        WRITE,
        lambda asked: units.change_unit(unit=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
        SAID,
    ),
    verb(
        "appoint", _("Appoint somebody"), WRITE,
        lambda asked: units.appoint(unit=asked.record, by=asked.by, why=asked.why, title=asked.told["title"], holder=asked.told["holder"], since=asked.told["valid_from"]),
        Input("title", "post.title"), Input("holder", "post.holder", required=True), Input("valid_from", "post.valid_from"),
        lede=_("Whoever holds the post until then leaves it that day."),
    ),
    verb(
        "count", _("Count staff of a skill"), STAFF,
        lambda asked: staff.count(unit=asked.record, by=asked.by, why=asked.why, **{**asked.told, "vacancies": asked.told["vacancies"] or 0}),
        *(Input(name, f"staff.{name}") for name in ("skill", "as_of", "heads", "capacity_days")), Input("vacancies", "staff.vacancies", required=False),
        lede=_("Head counts and capacity: no personal files."), first=lambda record: {"as_of": timezone.localdate()},
    ),
    verb(
        "move", _("Move in the tree"), WRITE,
        lambda asked: units.move_unit(unit=asked.record, seen=asked.version, by=asked.by, why=asked.why, parent=asked.told["parent"]),
        PARENT, first=lambda record: {"parent": record.parent},
    ),
    verb(
        "end", _("End it"), WRITE,
        lambda asked: units.end_unit(unit=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["valid_until"]),
        Input("valid_until", label=_("From the day on it stands no more"), required=True),
        lede=_("Its history stays in view."), fits=lambda record: record.valid_until is None, danger=True,
    ),
)  # fmt: skip


def _posts(request: HttpRequest, record: Unit) -> Table | None:
    write = may(request, WRITE)
    today = timezone.localdate()
    rows = [
        {
            "title": one.title,
            "holder": one.holder or say("nobody is named"),
            "since": one.valid_from,
            "until": one.valid_until,
            "act": say("Leave") if one.valid_until is None or one.valid_until > today else "",
            "url": verb_of("unit", one, "leave", "post")
            if write and (one.valid_until is None or one.valid_until > today)
            else "",
        }
        for one in Post.objects.filter(unit=record).order_by("title", "-valid_from")
    ]
    columns = [
        Column("title", say("Post")),
        Column("holder", say("Holder")),
        Column("since", say("From"), "date"),
        Column("until", say("Until"), "date"),
        *act(write),
    ]
    return table("posts", say("Posts and holders"), columns, rows)


def _staff(request: HttpRequest, record: Unit) -> Table | None:
    write = may(request, STAFF)
    rows = [
        {
            "skill": one.skill,
            "as_of": one.as_of,
            "heads": one.heads,
            "days": one.capacity_days,
            "vacancies": one.vacancies,
            "act": say("Correct"),
            "url": verb_of("unit", one, "change", "staff") if write else "",
        }
        for one in StaffCount.objects.filter(unit=record).order_by("-as_of", "skill")
    ]
    columns = [
        Column("skill", say("Skill")),
        Column("as_of", say("As of"), "date"),
        Column("heads", say("Heads"), "number"),
        Column("days", say("Person-days a year"), "number"),
        Column("vacancies", say("Vacancies"), "number"),
        *act(write),
    ]
    return table("staff", say("Staff by skill"), columns, rows)


def _standing(found: Any, stands: bool) -> Any:
    today = timezone.localdate()
    ended = Q(valid_until__lte=today)
    return found.exclude(ended) if stands else found.filter(ended)


UNITS = Noun(
    name="unit",
    one="unit",
    many="units",
    slug="units",
    title=_("Units and posts"),
    singular=_("Unit"),
    lede=_("The municipality's own units, each from one day until another, with their posts and holders."),
    columns=(
        Col("name", _("Unit"), naming.titled, sort="name", link=page_of, depth=True),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("kind", _("Kind"), lambda r: str(label("Unit", "kind", r.kind)), sort="kind", note=lambda r: say("IT organisation") if r.is_it else ""),
        Col("since", _("From"), lambda r: r.valid_from, "date", sort="valid_from"),
        Col("until", _("Until"), lambda r: r.valid_until, "date", sort="valid_until"),
    ),
    add=adds(
        _("New unit"), WRITE, lambda asked: units.add_unit(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("code", help=_("What ledgers name it by; it never changes.")), PARENT, *SAID.inputs), SAID.title),
    ),
    verbs=VERBS,
    filters=(
        by_choice("unit", "kind"),
        by_state(_("State"), {
            "stands": (_("standing"), lambda found: _standing(found, True)),
            "ended": (_("ended"), lambda found: _standing(found, False)),
            "it": (_("the IT organisation"), lambda found: found.filter(pk__in=Unit.objects.all().of_it().values("pk"))),
        }),
    ),
    parts=(
        related("below", _("Units below it"), lambda record: Unit.objects.filter(parent=record).order_by("code")),
        Part(
            "posts", _("Posts and holders"), _posts, "post", "unit", heads=("appoint",), empty=_("No post is named."),
            verbs=(
                verb(
                    "leave", _("Say that a post is left"), WRITE,
                    lambda asked: units.leave(post=asked.record, seen=asked.version, by=asked.by, why=asked.why, on=asked.told["valid_until"]),
                    Input("valid_until", label=_("From the day"), required=True), first=lambda record: {"valid_until": timezone.localdate()},
                ),
            ),
        ),
        Part(
            "staff", _("Staff by skill"), _staff, "staff", "unit", heads=("count",),
            verbs=(corrects(_("Correct a count"), STAFF, Input("heads"), Input("capacity_days"), Input("vacancies")),),
        ),
        related("projects", _("Projects"), lambda record: Project.objects.filter(unit=record).order_by("code")),
        related("services", _("Services"), lambda record: record.services.order_by("code")),
        related("systems", _("Systems"), lambda record: record.systems.order_by("code")),
        related("links", _("Data links"), lambda record: DataLink.objects.all().of_unit(record).order_by("code")),
    ),
    found=lambda: Unit.objects.select_related("parent"),
    tree="parent",
    hidden=frozenset({"name", "name_en"}),
    histories=("post", "staff"),
)  # fmt: skip

OUTSIDE = Fieldset(
    (
        Input("name", wide=True),
        Input("name_en", wide=True, help=_("For readers of the English pages.")),
        Input("kind"),
        Input("note", wide=True),
    ),
    _("The institution"),
)

INSTITUTIONS = Noun(
    name="institution",
    one="institution",
    many="institutions",
    slug="institutions",
    title=_("Institutions"),
    singular=_("Institution"),
    lede=_("Bodies outside the municipality with which it is linked, or ought to be."),
    columns=(
        Col("name", _("Institution"), naming.titled, sort="name", link=page_of),
        Col("code", _("Code"), key_of, "code", sort="code"),
        Col("kind", _("Kind"), lambda r: str(label("Institution", "kind", r.kind)), sort="kind"),
    ),
    add=adds(
        _("New institution"), WRITE, lambda asked: institutions.add_institution(by=asked.by, why=asked.why, **asked.told),
        Fieldset((Input("code", help=_("What it is known by; it never changes.")), *OUTSIDE.inputs), OUTSIDE.title),
    ),
    verbs=(
        changes(
            WRITE,
            lambda asked: institutions.change_institution(institution=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told),
            OUTSIDE,
        ),
    ),
    filters=(by_choice("institution", "kind"),),
    parts=(
        related("links", _("Data links"), lambda record: DataLink.objects.filter(Q(provider_institution=record) | Q(consumer_institution=record)).order_by("code"), empty=_("No data link names it.")),
        related("projects", _("Projects in which it has a part"), lambda record: Project.objects.filter(partners__institution=record).order_by("code")),
    ),
    found=lambda: Institution.objects.all(),
    hidden=frozenset({"name", "name_en"}),
)  # fmt: skip


def _correct_count(asked: Asked) -> Any:
    return staff.correct_count(
        staff=asked.record, seen=asked.version, by=asked.by, why=asked.why, **asked.told
    )


STAFFING = Noun(
    name="staff",
    one="staff-count",
    many="staff",
    slug="staff",
    title=_("IT staff"),
    singular=_("Staff of a skill"),
    lede=_("Who works for the IT organisation, by skill: head counts and capacity, no personal files."),
    columns=(
        Col("skill", _("Skill"), lambda r: r.skill, sort="skill", link=page_of, note=lambda r: naming.titled(r.unit)),
        Col("as_of", _("As of"), lambda r: r.as_of, "date", sort="as_of"),
        Col("heads", _("Heads"), lambda r: r.heads, "number", sort="heads"),
        Col("days", _("Person-days a year"), lambda r: r.capacity_days, "number", sort="capacity_days"),
        Col("vacancies", _("Vacancies"), lambda r: r.vacancies, "number", sort="vacancies"),
    ),
    add=adds(
        _("New count"), STAFF, lambda asked: staff.count(by=asked.by, why=asked.why, **{**asked.told, "vacancies": asked.told["vacancies"] or 0}),
        Fieldset((Input("unit"), Input("skill"), Input("as_of"), Input("heads"), Input("capacity_days"), Input("vacancies", required=False))),
    ),
    verbs=(
        verb(
            "change", _("Correct a count"), STAFF, _correct_count, Input("heads"), Input("capacity_days"), Input("vacancies"), why="needed", main=True,
            first=lambda record: {"heads": record.heads, "capacity_days": record.capacity_days, "vacancies": record.vacancies},
        ),
    ),
    filters=(by_unit("staff"),),
    found=lambda: StaffCount.objects.select_related("unit"),
    order="-as_of",
)  # fmt: skip
