"""The workbench's own navigation: every section once, in its group, with the ability that opens it.

A section whose address does not exist, or whose ability the account does not have, is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from rasad.web.theme.site import Link
from rasad.web.workbench.holding import may


@dataclass(frozen=True)
class Section:
    """One entry: its address by name, the ability that opens it, and the names of pages that stand in it (their beginnings)."""

    name: str
    label: str | Promise
    ability: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Entries under one heading."""

    label: str | Promise
    sections: tuple[Section, ...]


GROUPS: tuple[Group, ...] = (
    Group("", (Section("home", _("What waits for me"), "home.read", ("waiting",)),)),
    Group(
        _("The thread"),
        (
            Section("review", _("Review queue"), "thread.read", ("review",)),
            Section("rules", _("Allocation rules"), "thread.read", ("rule",)),
            Section("contracts", _("Contracts"), "records.read", ("contract",)),
            Section("resolutions", _("Resolutions"), "records.read", ("resolution",)),
        ),
    ),
    Group(
        _("Delivery"),
        (
            Section("projects", _("Projects"), "records.read", ("project",)),
            Section("goals", _("Goals"), "records.read", ("goal",)),
            Section("indicators", _("Indicators"), "records.read", ("indicator",)),
            Section("services", _("Services"), "records.read", ("service",)),
            Section("roadmap", _("Roadmap"), "roadmap.read", ("roadmap",)),
        ),
    ),
    Group(
        _("The house"),
        (
            Section("units", _("Units and posts"), "records.read", ("unit", "post")),
            Section("institutions", _("Institutions"), "records.read", ("institution",)),
            Section("staff", _("IT staff"), "records.read", ("staff",)),
            Section("systems", _("Systems"), "records.read", ("system",)),
            Section("links", _("Data links"), "records.read", ("link",)),
            Section("assets", _("Assets"), "records.read", ("asset",)),
        ),
    ),
    Group(
        _("Files and releases"),
        (
            Section("imports", _("Import desk"), "imports.read", ("import",)),
            Section("bulk", _("Bulk files"), "bulk.write", ("bulk",)),
            Section("jobs", _("Background work"), "jobs.read", ("job",)),
            Section("releases", _("Releases"), "releases.read", ("release",)),
        ),
    ),
    Group(
        _("The site"),
        (
            Section("accounts", _("Accounts and roles"), "accounts.write", ("account", "invit")),
            Section("trail", _("Audit trail"), "trail.read", ("trail",)),
        ),
    ),
)


@dataclass(frozen=True)
class Shown:
    """A group as a page shows it."""

    label: str
    links: tuple[Link, ...]


def shown(request: HttpRequest) -> tuple[Shown, ...]:
    """Return the groups and entries that the request's account may open, the page's own marked."""
    here = request.resolver_match
    page = here.url_name if here is not None and here.namespace == "workbench" else ""
    groups = []
    for group in GROUPS:
        links = tuple(
            Link(str(section.label), address, current=_is_here(section, page or ""))
            for section in group.sections
            if may(request, section.ability) and (address := _address(section.name))
        )
        if links:
            groups.append(Shown(str(group.label), links))
    return tuple(groups)


def _address(name: str) -> str:
    try:
        return reverse(f"workbench:{name}")
    except NoReverseMatch:
        return ""


def _is_here(section: Section, page: str) -> bool:
    return page == section.name or any(page.startswith(begin) for begin in section.holds)
