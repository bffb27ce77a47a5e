"""Every kind of background work, by the name under which it is asked for. A further kind is one more entry in `KINDS`.

A kind's function gets a `Task` and returns what it did as JSON has it. It calls `task.progress` at its steps (there it may be stopped or
cancelled), and must be safe to run again after a crash (`task.again`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from rasad.actions import (
    examining,
    loading,
    review,
    roadmap_alternatives,
    roadmap_sheets,
    roadmap_solving,
    roadmap_tradeoffs,
    roadmap_uncertain,
    uploads,
)
from rasad.actions.bulk import handed_in
from rasad.actions.releases import build_release
from rasad.records.models import Account
from rasad.roadmap.uncertainty.result import TOGETHER


@dataclass(frozen=True)
class Task:
    """One piece of work under way: the home, what was asked, who asked, whether it was begun before and broke off, and how to say
    `progress(what, done, total)`."""

    home: Path
    params: dict[str, Any]
    by: Account | None
    again: bool
    progress: Callable[[str, int, int], None]


@dataclass(frozen=True)
class Kind:
    """A kind of work: its name for people, what does it, and the ability of those who may ask for it."""

    title: str | Promise
    run: Callable[[Task], dict[str, Any]]
    ability: str


def load_file(task: Task) -> dict[str, Any]:
    """Import a file that was handed in. Params: those of `loading.load_upload`."""
    return loading.load_upload(
        home=task.home, params=task.params, by=task.by, again=task.again, progress=task.progress
    )


def put_right(task: Task) -> dict[str, Any]:
    """Take in rejected rows that were put right. Params: those of `loading.put_right`."""
    return loading.put_right(
        home=task.home, params=task.params, by=task.by, again=task.again, progress=task.progress
    )


def examine(task: Task) -> dict[str, Any]:
    """Look at a file that was handed in, and try what is chosen for it. Params: upload (its id), stamp (which write of its plan)."""
    upload = uploads.find(str(task.params["upload"]))
    examining.examine(home=task.home, upload=upload, progress=task.progress)
    return {}


def build(task: Task) -> dict[str, Any]:
    """Build the next release. Params: publish (make it live)."""
    folder = build_release(
        home=task.home,
        publish=bool(task.params.get("publish", False)),
        records=True,
        progress=task.progress,
    )
    return {"release": folder.name}


def review_index(task: Task) -> dict[str, Any]:
    """Bring the review queue up to today's batches and rules."""
    review.refresh(home=task.home, progress=task.progress)
    return {}


def look_at_sheets(task: Task) -> dict[str, Any]:
    """Say what a file of the register would change. Params: upload (its id), noun, profile."""
    upload = uploads.find(str(task.params["upload"]))
    told = handed_in.look(
        home=task.home,
        upload=upload,
        noun=str(task.params.get("noun", "")),
        profile=str(task.params.get("profile", "")),
        progress=task.progress,
    )
    return {"rows": handed_in.counted(told)}


def take_in_sheets(task: Task) -> dict[str, Any]:
    """Take a file into the register. Params: upload (its id), why, valid_only. Taken in twice, it says what is so already."""
    upload = uploads.find(str(task.params["upload"]))
    told = handed_in.take_in(
        home=task.home,
        upload=upload,
        by=task.by,
        why=str(task.params.get("why", "")),
        valid_only=bool(task.params.get("valid_only")),
        progress=task.progress,
    )
    return {"rows": handed_in.counted(told)}


def roadmap_solve(task: Task) -> dict[str, Any]:
    """Search for a scenario's best plan. Params: scenario (its id), seconds."""
    return roadmap_solving.solve_scenario(
        key=int(task.params["scenario"]),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


def roadmap_locks(task: Task) -> dict[str, Any]:
    """Say what each lock of a scenario costs. Params: scenario (its id), seconds (for each)."""
    return roadmap_solving.price_locks(
        key=int(task.params["scenario"]),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


def roadmap_explain(task: Task) -> dict[str, Any]:
    """Say what each initiative's place in a scenario's plan is worth. Params: scenario (its id), seconds."""
    return roadmap_solving.explain_scenario(
        key=int(task.params["scenario"]),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


def roadmap_front(task: Task) -> dict[str, Any]:
    """Trace a front of a scenario's aims. Params: scenario (its id), codes (of the aims), points, seconds."""
    return roadmap_tradeoffs.trace_front(
        key=int(task.params["scenario"]),
        codes=[str(code) for code in task.params["codes"]],
        points=str(task.params["points"]),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


def roadmap_meeting(task: Task) -> dict[str, Any]:
    """Set a plan's document for the meeting. Params: scenario (its id), by (goal or unit), lang, plan (its number; else the one that counts)."""
    return roadmap_sheets.make(
        home=task.home,
        key=int(task.params["scenario"]),
        by=str(task.params["by"]),
        lang=str(task.params["lang"]),
        plan=int(task.params.get("plan", 0)),
        progress=task.progress,
    )


def roadmap_forecast(task: Task) -> dict[str, Any]:
    """Play a scenario's plan through. Params: scenario (its id), uncertainty (as `roadmap_classes.resolved` takes it), weights (how many), seconds."""
    return roadmap_uncertain.forecast_plan(
        home=task.home,
        key=int(task.params["scenario"]),
        uncertainty=dict(task.params["uncertainty"]),
        weights=int(task.params["weights"]),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


def roadmap_sure(task: Task) -> dict[str, Any]:
    """Look for a plan that is as sure as was asked. Params: scenario (its id), uncertainty (as `roadmap_classes.resolved` takes it), confidence (per cent), holds (as `plan_surely` takes it), seconds."""
    return roadmap_uncertain.plan_surely(
        home=task.home,
        key=int(task.params["scenario"]),
        uncertainty=dict(task.params["uncertainty"]),
        confidence=int(task.params["confidence"]),
        holds=str(task.params.get("holds", TOGETHER)),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


def roadmap_weigh(task: Task) -> dict[str, Any]:
    """Look for plans that are the best by other weights of the goals. Params: scenario (its id), seconds."""
    return roadmap_alternatives.find_alternatives(
        key=int(task.params["scenario"]),
        seconds=int(task.params["seconds"]),
        by=task.by,
        progress=task.progress,
    )


KINDS: dict[str, Kind] = {
    "ledger.examine": Kind(gettext_lazy("Looking at a file"), examine, "imports.write"),
    "register.check": Kind(gettext_lazy("Looking at a file of the register"), look_at_sheets, "bulk.write"),
    "register.import": Kind(gettext_lazy("Taking a file into the register"), take_in_sheets, "bulk.write"),
    "ledger.import": Kind(gettext_lazy("Loading a file"), load_file, "imports.write"),
    "review.index": Kind(gettext_lazy("Bringing the review queue up to date"), review_index, "jobs.write"),
    "ledger.put_right": Kind(gettext_lazy("Loading rows that were put right"), put_right, "imports.write"),
    "roadmap.solve": Kind(gettext_lazy("Searching for the best roadmap"), roadmap_solve, "roadmap.write"),
    "roadmap.locks": Kind(gettext_lazy("Pricing the roadmap's locks"), roadmap_locks, "roadmap.write"),
    "roadmap.explain": Kind(gettext_lazy("Explaining the roadmap's plan"), roadmap_explain, "roadmap.write"),
    "roadmap.front": Kind(gettext_lazy("Tracing the roadmap's front"), roadmap_front, "roadmap.write"),
    "roadmap.forecast": Kind(
        gettext_lazy("Playing the roadmap's plan through"), roadmap_forecast, "roadmap.write"
    ),
    "roadmap.sure": Kind(
        gettext_lazy("Looking for a plan that is sure enough"), roadmap_sure, "roadmap.write"
    ),
    "roadmap.meeting": Kind(gettext_lazy("Setting the roadmap's document"), roadmap_meeting, "roadmap.read"),
    "roadmap.weigh": Kind(gettext_lazy("Looking for plans to weigh"), roadmap_weigh, "roadmap.write"),
    "release.build": Kind(gettext_lazy("Building a release"), build, "releases.publish"),
}
