"""Names, in the reader's language, of the codes that records carry."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise, lazy
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from rasad.ledger.schema import Column
from rasad.records.tables import BY_MODEL
from rasad.web.theme.labels import CLASSES, MODES

ROLES: dict[str, Promise] = {
    "member": _("Council member"),
    "secretary": _("Secretary of the working group"),
    "expert": _("Expert adviser"),
    "finance": _("Finance officer"),
    "it": _("IT organisation"),
    "data": _("Data officer"),
    "auditor": _("Auditor"),
    "admin": _("Administrator of the site"),
}

_INSIDE: dict[str, Promise] = {
    "account": _("Account"),
    "grant": _("Role of an account"),
    "invitation": _("Invitation"),
    "judgement": _("Judgement"),
    "classjudgement": _("Judgement of a class"),
    "allocationpart": _("Part of an allocation"),
    "scenario": _("Scenario of the roadmap"),
    "scenarioplan": _("Plan of a scenario"),
    "scenariofinding": _("Computation on a scenario"),
    "scenarioopinion": _("Opinion on a scenario"),
    "scenarioproject": _("Project of an initiative"),
    "batch": _("Batch"),
    "source": _("Source"),
    "release": _("Release"),
}
_SHEETS = {model.lower(): sheet for model, sheet in BY_MODEL.items()}
NOUNS: tuple[str, ...] = (*_SHEETS, *_INSIDE)
"""Every kind of record on the trail, by its model's name."""

VERBS: dict[str, Promise] = {
    "add": pgettext_lazy("action", "added"),
    "change": pgettext_lazy("action", "changed"),
    "remove": pgettext_lazy("action", "taken away"),
    "close": pgettext_lazy("action", "closed"),
    "invite": pgettext_lazy("action", "invited"),
    "withdraw": pgettext_lazy("action", "withdrawn"),
    "accept": pgettext_lazy("action", "accepted"),
    "grant": pgettext_lazy("action", "granted"),
    "end": pgettext_lazy("action", "ended"),
    "drop_second_factor": pgettext_lazy("action", "second factor taken away"),
    "deactivate": pgettext_lazy("action", "deactivated"),
    "activate": pgettext_lazy("action", "activated again"),
    "begin": pgettext_lazy("action", "begun"),
    "judge": pgettext_lazy("action", "judged"),
    "judge_many": pgettext_lazy("action", "judged with many"),
    "undo": pgettext_lazy("action", "taken back"),
    "undo_group": pgettext_lazy("action", "taken back with many"),
    "draft": pgettext_lazy("action", "drafted"),
    "put_in_force": pgettext_lazy("action", "put in force"),
    "retire": pgettext_lazy("action", "retired"),
    "import": pgettext_lazy("action", "taken in from a file"),
    "open": pgettext_lazy("action", "opened"),
    "rebaseline": pgettext_lazy("action", "promised anew"),
    "reach": pgettext_lazy("action", "reached"),
    "set_goals": pgettext_lazy("action", "goals said"),
    "set_services": pgettext_lazy("action", "services said"),
    "set_partners": pgettext_lazy("action", "partners said"),
    "set_indicators": pgettext_lazy("action", "indicators said"),
    "approve": pgettext_lazy("action", "approved"),
    "start": pgettext_lazy("action", "work begun"),
    "finish": pgettext_lazy("action", "finished"),
    "cancel": pgettext_lazy("action", "cancelled"),
    "merge": pgettext_lazy("action", "merged"),
    "reopen": pgettext_lazy("action", "opened again"),
    "move": pgettext_lazy("action", "moved"),
    "weigh": pgettext_lazy("action", "weighed"),
    "stop": pgettext_lazy("action", "stopped"),
    "put_in_use": pgettext_lazy("action", "put in use"),
    "agree": pgettext_lazy("action", "agreed on"),
    "see": pgettext_lazy("action", "seen in use"),
    "enter": pgettext_lazy("action", "entered in the register of property"),
    "hand_over": pgettext_lazy("action", "handed over"),
    "amend": pgettext_lazy("action", "amended"),
    "notify": pgettext_lazy("action", "notified"),
    "appoint": pgettext_lazy("action", "appointed"),
    "leave": pgettext_lazy("action", "left"),
    "keep_plan": pgettext_lazy("action", "plan found"),
    "find_alternatives": pgettext_lazy("action", "plans to weigh computed"),
    "keep_finding": pgettext_lazy("action", "computed"),
    "price_locks": pgettext_lazy("action", "locks priced"),
    "explain": pgettext_lazy("action", "explained"),
    "give_opinion": pgettext_lazy("action", "opinion signed"),
    "adopt": pgettext_lazy("action", "adopted"),
    "link_project": pgettext_lazy("action", "tied to a project"),
    "become_project": pgettext_lazy("action", "made a project"),
    "put_right": pgettext_lazy("action", "put right"),
    "publish": pgettext_lazy("action", "published"),
}


JOB_STATES: dict[str, Promise] = {
    "waiting": pgettext_lazy("work", "Waits"),
    "running": pgettext_lazy("work", "Under way"),
    "done": pgettext_lazy("work", "Done"),
    "failed": pgettext_lazy("work", "Failed"),
    "cancelled": pgettext_lazy("work", "Taken back"),
}
_RESULTS: dict[str, Promise] = {
    "batch": _("Batch"),
    "source": _("Source"),
    "rows": _("Rows"),
    "release": _("Release"),
    "scenario": _("Scenario"),
    "plan": _("Plan"),
    "status": _("Status"),
    "locks": _("Locks"),
    "finding": _("Computation"),
    "points": _("Points"),
    "initiatives": _("Initiatives"),
}


def result(name: str) -> str:
    """Return the name of one part of what work came to."""
    return str(_RESULTS.get(name, name.replace("_", " ")))


def fa() -> bool:
    """Return whether the page is Persian."""
    return (get_language() or "fa").startswith("fa")


def roles(held: Iterable[str]) -> str:
    """Return the names of roles, in the matrix's order, as one text."""
    told = set(held)
    return ("، " if fa() else ", ").join(str(name) for role, name in ROLES.items() if role in told)


def capitalised(text: str) -> str:
    """Return a text with its first letter large, and the others as they are: IT stays IT."""
    return text[:1].upper() + text[1:]


def noun(name: str) -> str:
    """Return the title of a kind of record, by its model's name in small letters."""
    if name in _SHEETS:
        table = _SHEETS[name].table
        return table.fa if fa() else capitalised(table.en)
    return str(_INSIDE.get(name, name))


def action(code: str) -> str:
    """Return what was done, from a code such as "project.add"; the code's own word where it has no name."""
    verb = code.rpartition(".")[2]
    return str(VERBS.get(verb, verb.replace("_", " ")))


def column(noun: str, name: str) -> Column | None:
    """Return a column of a kind of record as `tables` declares it; None where it declares none."""
    sheet = _SHEETS.get(noun)
    return sheet.table.column(name) if sheet and name in sheet.table.names else None


def field(noun: str, name: str) -> str:
    """Return the title of a field."""
    told = column(noun, name)
    if told is not None:
        return told.fa if fa() else capitalised(told.en)
    return str(_FIELDS.get(name, name))


_FIELDS: dict[str, Promise] = {
    "account": _("Account"),
    "role": _("Role"),
    "since": _("Since"),
    "until": _("Until"),
    "email": _("Email"),
    "name": _("Name"),
    "roles": _("Roles"),
    "is_active": _("Active"),
    "expires_at": _("Expires"),
    "created_at": _("Made"),
    "accepted_at": _("Accepted"),
    "withdrawn_at": _("Withdrawn"),
    "invited_by": _("Invited by"),
    "source": _("Source"),
    "file_name": _("File"),
    "rows_in": _("Rows in"),
    "rows_stored": _("Stored"),
    "rows_set_aside": _("Set aside"),
    "rows_quarantined": _("In quarantine"),
    "replaces": _("Supersedes"),
    "put_right": _("Rows put right"),
    "version": _("Version"),
    "mapping": _("Mapping"),
    "hash": _("Hash of the release"),
    "live_before": _("Live before"),
    "subject_kind": _("Kind of what was judged"),
    "subject": _("What was judged"),
    "judgement": _("Judgement"),
    "by": _("Who"),
    "at": _("When"),
    "why": _("Why"),
    "group": _("Judged together as"),
    "holds": _("Holds"),
    "undone_at": _("Taken back"),
    "cls": _("Class"),
    "mode": _("How it is obtained"),
    "project": _("Project"),
    "share_bp": _("Share"),
    "scenario": _("Scenario"),
    "code": _("Code"),
    "title": _("Title"),
    "title_en": _("Title in English"),
    "note": _("Note"),
    "state": _("State"),
    "problem": _("What it is made of"),
    "author": _("Author"),
    "based_on": _("Based on"),
    "plan": _("Plan"),
    "adopted_on": _("Adopted on the day"),
    "resolution": _("Resolution"),
    "reference": _("Reference"),
    "number": _("Number"),
    "problem_hash": _("Hash of the problem"),
    "choices": _("Choices"),
    "result": _("What the search said"),
    "lock_costs": _("What locks cost"),
    "explanation": _("Explanation"),
    "made_at": _("Made"),
    "verdict": _("Opinion"),
    "text": _("Text"),
    "signed_name": _("Signed by"),
    "on": _("Day"),
    "initiative": _("Initiative"),
    "facts": _("What really happened"),
    "alternatives": _("Plans to weigh"),
    "kind": _("Kind"),
    "asked": _("What was asked"),
    "found": _("What was found"),
}

SCENARIO_STATES: dict[str, Promise] = {
    "draft": _("draft"),
    "adopted": _("adopted"),
    "replaced": _("replaced by a later one"),
    "withdrawn": _("given up"),
}
VERDICTS: dict[str, Promise] = {
    "favour": _("in favour"),
    "conditions": _("in favour, on conditions"),
    "against": _("against"),
}
_CODES: dict[str, dict[str, Promise]] = {
    "scenario.state": SCENARIO_STATES,
    "scenarioopinion.verdict": VERDICTS,
    "classjudgement.cls": CLASSES,
    "classjudgement.mode": MODES,
    "judgement.subject_kind": {"line": _("Line"), "contract": _("Contract")},
    "classjudgement.subject_kind": {"line": _("Line"), "contract": _("Contract")},
}


def code(noun: str, name: str, told: str) -> str:
    """Return the name of a code that a field of a record that no sheet declares carries; the text itself where it is none."""
    return str(_CODES.get(f"{noun}.{name}", {}).get(told, told))


lazily = lazy(lambda say: say(), str)
"""Turn a function that says something into a text that is said when it is shown, in the page's language."""
