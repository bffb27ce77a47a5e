"""What can be wrong with a row of a file for the register: the ledger's problems, those of records, and those of the way between."""

from __future__ import annotations

from dataclasses import asdict

from rasad.ledger.problems import TEMPLATES, Problem, Translate
from rasad.records.problems import RECORD_PROBLEMS
from rasad.records.problems import said as said_of_records


def _n(message: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


_COMMA = _n(", ")
CHOICES_PARTED = " | "
"""Parts the choices that a problem expects: each by its label in English, which is translated where it is shown."""

WAY_PROBLEMS: dict[str, str] = {
    "choice": _n("“%(found)s” is none of the choices; expected one of: %(expected)s"),
    "too_long": _n("the text has %(found)s characters; at most %(expected)s are kept"),
    "out_of_range": _n("%(found)s is out of range; expected %(expected)s"),
    "json": _n("the cell is no JSON: “%(found)s”; expected %(expected)s"),
    "twice": _n("this stands here a second time; it was said at %(expected)s already"),
    "stale": _n(
        "%(found)s changed it since the file was written (then version %(expected)s): export it again and put your change there"
    ),
    "not_there": _n("this is to be taken away, and it is not there: %(found)s"),
    "depends": _n("it names “%(found)s”, whose own row is refused: %(expected)s"),
    "field": "%(found)s",
    "database": _n("the database refuses it: %(found)s"),
}


class RecordProblem(Problem):
    """A problem of one row of a file for the register."""

    def said(self, translate: Translate = str) -> str:
        """Return what is wrong, without its place."""
        if self.code in RECORD_PROBLEMS:
            return said_of_records(self.code, self.found, self.expected, translate)
        if self.code == "choice":
            names = translate(_COMMA).join(map(translate, self.expected.split(CHOICES_PARTED)))
            return translate(WAY_PROBLEMS[self.code]) % {**asdict(self), "expected": names}
        if self.code in WAY_PROBLEMS:
            return translate(WAY_PROBLEMS[self.code]) % asdict(self)
        return super().said(translate)

    def place(self, translate: Translate = str) -> str:
        """Return where it is: file, sheet where it has several, row, column where it is one column's."""
        values = asdict(self)
        parts = [translate(_n("%(file)s, row %(row)s"))]
        if self.sheet:
            parts = [translate(_n("%(file)s, sheet “%(sheet)s”, row %(row)s"))]
        if self.column:
            parts.append(translate(_n("column “%(column)s”")))
        return translate(_COMMA).join(parts) % values


def of_row(problem: Problem) -> RecordProblem:
    """Return the same problem, said as the register's files say it."""
    return RecordProblem(**asdict(problem))


ALL = {**TEMPLATES, **RECORD_PROBLEMS, **WAY_PROBLEMS}
"""Every template by its code; no two of them have one code."""
