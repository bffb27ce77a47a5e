"""What the address of the review queue asks for: read, said back as an address, and offered as a form's fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from rasad.ledger.allocate import Conditions, RuleError
from rasad.ledger.engines.review import Asked, Coverage, Review
from rasad.ledger.engines.review.asking import MATTERS, Matter
from rasad.ledger.schema import CLASSES
from rasad.persian.digits import to_latin
from rasad.web.theme import labels as names_of
from rasad.web.theme import show
from rasad.web.theme.parts import Field, Option
from rasad.web.workbench import frame

NAMES = ("matter", "of", "year", "scope", "q", "unit", "programme", "class", "supplier", "contract")
FIRST = ("paid", "recognised", "committed", "final", "initial")
"""Stages in the order in which the queue begins with one."""


@dataclass(frozen=True)
class Question:
    """The queue that is asked for. `told` has what the address says, without what says nothing."""

    matter: Matter
    asked: Asked
    coverage: Coverage
    told: dict[str, str]

    def address(self, **changes: str) -> str:
        """Return the query of the same queue with other values; an empty one leaves out."""
        values = {name: value for name, value in {**self.told, **changes}.items() if value}
        return f"?{urlencode(values)}" if values else "?"


def question(told: Mapping[str, str], review: Review) -> Question | None:
    """Return the queue that is asked for; None where the ledger holds no line. BadRequest where it asks for what cannot be."""
    if not review.coverage:
        return None
    values = {name: told.get(name, "").strip() for name in NAMES}
    matter = values["matter"] or "project"
    scope = values["scope"] or ("it" if matter == "project" else "all")
    if matter not in MATTERS or scope not in ("it", "all"):
        raise BadRequest(_("There is no such queue."))
    coverage = _coverage(values["of"], review)
    try:
        conditions = Conditions.from_json(
            {
                "units": [values["unit"]],
                "programmes": [values["programme"]],
                "classes": [values["class"]],
                "suppliers": [values["supplier"]],
                "contracts": [values["contract"]],
            }
        )
    except RuleError as error:
        raise BadRequest(_("There is no such queue.")) from error
    asked = Asked(
        stage=coverage.stage,
        book=coverage.book,
        flow=coverage.flow,
        year=_year(values["year"]),
        scope="it" if scope == "it" else "all",
        words=values["q"],
        conditions=conditions,
    )
    kept = {name: value for name, value in values.items() if value}
    return Question(next(one for one in MATTERS if one == matter), asked, coverage, kept)


def _year(text: str) -> int | None:
    latin = to_latin(text)
    if not latin:
        return None
    if not latin.isdecimal() or len(latin) > 4:
        raise BadRequest(_("“%(found)s” is no fiscal year.") % {"found": text[:20]})
    return int(latin)


def _of(one: Coverage) -> str:
    return f"{one.flow}.{one.book}.{one.stage}"


def _coverage(of: str, review: Review) -> Coverage:
    if of:
        found = next((one for one in review.coverage if _of(one) == of), None)
        if found is None:
            raise BadRequest(_("The ledger has no money of this stage."))
        return found
    rank = {stage: number for number, stage in enumerate(FIRST)}
    return min(
        review.coverage,
        key=lambda one: (one.flow != "expense", rank.get(one.stage, len(rank)), one.book != "payments"),
    )


def fields(of: Question, review: Review) -> list[Field]:
    """Return the filters of the queue."""
    told, lang = of.told, frame.lang()
    stages = [
        Option(
            _of(one),
            " · ".join(
                str(names_of.label(kind, code))
                for kind, code in (
                    (names_of.STAGES, one.stage),
                    (names_of.BOOKS, one.book),
                    (names_of.FLOWS, one.flow),
                )
            ),
        )
        for one in review.coverage
    ]
    years = [Option(str(year), show.digits_of(year, lang)) for year in reversed(of.coverage.years)]
    scopes = [Option("it", _("Information technology")), Option("all", _("All money"))]
    classes = [Option(cls, str(names_of.label(names_of.CLASSES, cls))) for cls in CLASSES]
    units = [
        Option(code, f"{show.digits_of(code, lang)} {name}".strip()) for code, name in review.choices("unit")
    ]
    return [
        Field("of", _("Stage"), _of(of.coverage), stages),
        Field("year", _("Fiscal year"), told.get("year", ""), years, empty=_("All")),
        Field("scope", _("Which money"), of.asked.scope, scopes),
        Field("class", _("Class"), told.get("class", ""), classes, empty=_("All")),
        *([Field("unit", _("Unit"), told.get("unit", ""), units, empty=_("All"))] if units else []),
        Field(
            "q",
            _("Words"),
            told.get("q", ""),
            kind="text",
            placeholder=_("of the description or the supplier"),
        ),
    ]
