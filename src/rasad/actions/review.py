"""The review queue over ledger and records: the open index with what people judged until now, and which projects a line may be for.

An index is derived in the background (`refresh`); until a newer one is there the last is read, and it is said that it is not the newest.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from rasad.actions import class_judgements
from rasad.actions.allocations import as_judged, rules_in_force
from rasad.ledger.allocate import Judged
from rasad.ledger.classify import latest
from rasad.ledger.engines.review import Queued, Review, build_review, index_folder, review_digest
from rasad.ledger.engines.review.index import Progress
from rasad.persian.text import search_key
from rasad.records.models import AllocationRule, AuditEvent, Judgement, Project

WINDOW = 500
"""Events that are looked at again: on PostgreSQL one with a lower number can stand later than one with a higher."""
LEAST_LETTERS = 3
"""A shorter word of a title says too little to suggest a project by."""
MOST = 5
"""Suggestions of one line: as many as have a key of their own and are read at a glance."""


@dataclass
class _State:
    """One home's open index in this process."""

    review: Review
    seen: set[int] = field(default_factory=set)
    last: int = 0
    classes: dict[str, tuple[str, str]] = field(default_factory=dict)
    told: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Queue:
    """The open index, and whether it is of today's batches and rules."""

    review: Review
    is_newest: bool


_lock = threading.Lock()
_states: dict[Path, _State] = {}
_digests: dict[Path, tuple[object, str]] = {}


def refresh(*, home: Path, progress: Progress | None = None) -> Path:
    """Derive the index of today's batches and rules in force, and return its folder; at once where it is there already."""
    class_judgements.settle(home=home)
    return build_review(home, rules_in_force(), progress=progress)


def open_queue(home: Path) -> Queue | None:
    """Return the open index with every judgement that holds now laid over it; None where none was derived yet."""
    wanted = index_folder(home, _digest(home))
    with _lock:
        state = _states.get(home)
        folder = wanted if wanted.is_dir() else _newest(home)
        if folder is None:
            return None
        if state is None or state.review.folder != folder:
            # The one before is left to the requests that still read it.
            state = _states[home] = _State(Review(folder))
        _catch_up(home, state)
        return Queue(state.review, folder == wanted)


def _digest(home: Path) -> str:
    """Return the index's name; receipts and rules are read again only where the ledger's folders or the rules in force are others."""
    places = (home / "ledger" / "batches", home / "sources", home / "city.toml")
    # A version in force never changes but in its state.
    in_force = (
        AllocationRule.objects.filter(state="in_force").order_by("pk").values_list("pk", "code", "number")
    )
    stamp = (tuple(place.stat().st_mtime_ns if place.exists() else 0 for place in places), tuple(in_force))
    known = _digests.get(home)
    if known is None or known[0] != stamp:
        known = _digests[home] = (stamp, review_digest(home, rules_in_force()))
    return known[1]


def _newest(home: Path) -> Path | None:
    found = [path for path in (home / "cache").glob("review-*") if path.is_dir()]
    return max(found, key=lambda path: path.stat().st_mtime, default=None)


def _catch_up(home: Path, state: _State) -> None:
    """Lay over the index what was judged since it was last looked at."""
    events = AuditEvent.objects.filter(noun="judgement", id__gt=max(0, state.last - WINDOW))
    if state.last == 0:
        state.last = AuditEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        judged = {
            (one.subject_kind, one.subject): as_judged(one)
            for one in Judgement.objects.holding().prefetch_related("parts__project")
        }
        state.seen = set(
            events.filter(id__lte=state.last, id__gt=state.last - WINDOW).values_list("id", flat=True)
        )
        state.review.update(dict(judged), {})
    else:
        new = [(pk, record) for pk, record in events.values_list("id", "record_id") if pk not in state.seen]
        if new:
            state.last = max(state.last, *(pk for pk, _ in new))
            state.seen = {pk for pk in state.seen | {pk for pk, _ in new} if pk > state.last - WINDOW}
            state.review.update(_holding_of({record for _, record in new}), {})
    _catch_up_classes(home, state)


def _holding_of(records: set[int]) -> dict[tuple[str, str], Judged | None]:
    """Return what holds now of the subjects of some judgements; None where nothing does."""
    found: dict[tuple[str, str], Judged | None] = {}
    numbers = sorted(records)
    for start in range(0, len(numbers), WINDOW):
        some = Judgement.objects.filter(pk__in=numbers[start : start + WINDOW])
        subjects = list(some.values_list("subject_kind", "subject").distinct())
        found.update(dict.fromkeys(subjects))
        holding = Judgement.objects.holding().filter(subject__in=[subject for _, subject in subjects])
        for one in holding.prefetch_related("parts__project"):
            if (one.subject_kind, one.subject) in found:
                found[one.subject_kind, one.subject] = as_judged(one)
    return found


def _catch_up_classes(home: Path, state: _State) -> None:
    files = sorted((home / "ledger" / "judgements").glob("*.jsonl"))
    told = tuple((path.name, path.stat().st_size) for path in files)
    if told == state.told:
        return
    rows = latest(home).select("line_id", "class", "mode").iter_rows()
    now = {line_id: (cls, mode) for line_id, cls, mode in rows}
    changed: dict[str, tuple[str, str] | None] = {
        line_id: said for line_id, said in now.items() if state.classes.get(line_id) != said
    }
    changed.update({line_id: None for line_id in state.classes if line_id not in now})
    state.review.update({}, changed)
    state.classes, state.told = now, told


# --- which project --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestion:
    """A project that a line may be for, and why: `shared` is contract, programme, title, words or supplier; `times` how many lines say so."""

    project: str
    title: str
    title_en: str
    shared: str
    times: int = 0


_RANK = ("contract", "programme", "title", "words", "supplier")


def suggestions(review: Review, lines: Sequence[Queued]) -> dict[int, list[Suggestion]]:
    """Return for each line (by n) the projects that it may be for, the likeliest first, at most MOST.

    By what people judged of lines like it, by the programme that a project names, and by words that its title shares with one project's.
    """
    fields = ("code", "title", "title_en", "programme_code")
    projects = {one["code"]: one for one in Project.objects.exclude(status="cancelled").values(*fields)}
    similar = review.similar(lines)
    words = _words(projects)
    found: dict[int, list[Suggestion]] = {}
    for line in lines:
        told = [(shared, code, times) for code, shared, times in similar.get(line.n, ())]
        told += [
            ("programme", code, 0)
            for code, one in projects.items()
            if one["programme_code"] and one["programme_code"] == line.programme_code
        ]
        told += [("words", code, 0) for code in _by_words(line.title, words)]
        told.sort(key=lambda one: (_RANK.index(one[0]), -one[2], one[1]))
        best: dict[str, Suggestion] = {}
        for shared, code, times in told:
            if code in projects and code not in best:
                one = projects[code]
                best[code] = Suggestion(code, one["title"], one["title_en"], shared, times)
        found[line.n] = list(best.values())[:MOST]
    return found


def _words(projects: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Return each word of projects' titles with the projects that bear it."""
    found: dict[str, list[str]] = {}
    for code, one in projects.items():
        for word in _title_words(f"{one['title']} {one['title_en']}"):
            found.setdefault(word, []).append(code)
    return found


@lru_cache(maxsize=4_096)
def _title_words(title: str) -> frozenset[str]:
    """Return the words of a title that say enough; titles are few and stay, and every page of the queue asks for all of them."""
    return frozenset(word for word in search_key(title).split() if len(word) >= LEAST_LETTERS)


def _by_words(title: str, words: dict[str, list[str]]) -> list[str]:
    """Return the projects whose titles share words with a line's, those that share rare ones first."""
    weights: dict[str, float] = {}
    for word in set(search_key(title).split()):
        # A word that many projects bear («سامانه») tells nothing.
        if 0 < len(bearers := words.get(word, [])) <= MOST:
            for code in bearers:
                weights[code] = weights.get(code, 0) + 1 / len(bearers)
    return sorted(weights, key=lambda code: (-weights[code], code))
