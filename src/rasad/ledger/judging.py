"""Judging the lines of a file while they are in memory, before they are written; what was judged is written once their batch stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import polars as pl

from rasad.ledger import suggestions
from rasad.ledger.batches import Receipt
from rasad.ledger.classify.engine import Classifier
from rasad.ledger.link import Linker


@dataclass(frozen=True)
class Judged:
    """Suggestions for the lines of one file, in their order: classes (of lines alone) and suppliers."""

    classes: pl.DataFrame | None
    suppliers: pl.DataFrame


class Judges:
    """The rules of a home, for the files of one import, from any number of threads: what recurs from file to file is judged once."""

    def __init__(self, home: Path) -> None:
        self._home, self._scope = home, suggestions.scope(home)
        self._classifier, self._linkers = _one_at_a_time(Classifier(self._scope)), dict[str, _Judge]()
        self._lock, self._writing = Lock(), ExitStack()
        self._begun = False

    def judge(self, source: str, table: str, lines: pl.DataFrame) -> Judged:
        """Return the suggestions for the lines of a file."""
        with self._lock:
            if source not in self._linkers:
                rule = suggestions.persons(self._home, source)
                self._linkers[source] = _one_at_a_time(Linker(rule))
        lines = lines.with_columns(line_no=pl.int_range(pl.len(), dtype=pl.Int64))
        # Classes and suppliers do not need one another.
        with ThreadPoolExecutor(1) as beside:
            classes = beside.submit(self._classifier, lines) if table == "line" else None
            suppliers = self._linkers[source](lines)
            return Judged(classes.result() if classes else None, suppliers)

    def keep(self, receipt: Receipt, judged: Judged) -> None:
        """Write what was judged of a batch that stands. OSError where the disk does not take it: what is missing is judged again when it is needed."""
        if judged.suppliers.height != receipt.lines:
            return
        if not self._begun:
            self._writing.enter_context(suggestions.writing(self._home))
            self._begun = True
        if judged.classes is not None:
            path = suggestions.class_path(self._home, receipt.batch, self._scope)
            suggestions.write_whole(judged.classes, path)
        rule = suggestions.persons(self._home, receipt.source)
        suggestions.write_whole(judged.suppliers, suggestions.link_path(self._home, receipt.batch, rule))


_Judge = Callable[[pl.DataFrame], pl.DataFrame]


def _one_at_a_time(judge: _Judge) -> _Judge:
    lock = Lock()

    def judged(lines: pl.DataFrame) -> pl.DataFrame:
        with lock:
            return judge(lines)

    return judged


@contextmanager
def judges_of(home: Path) -> Iterator[Judges]:
    """Give the judges of a home; what they have kept has reached the disk when it ends."""
    judges = Judges(home)
    try:
        yield judges
    finally:
        # What has not will be judged again where it is missing.
        with suppress(OSError):
            judges._writing.close()
