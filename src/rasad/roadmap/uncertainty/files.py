"""Reference classes in a JSON file: as they are, or with finished projects that they are fitted to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from rasad.roadmap.problem.faults import from_validation
from rasad.roadmap.problem.files import read_json
from rasad.roadmap.problem.parts import Id, Part, Points
from rasad.roadmap.uncertainty.classes import ReferenceClass, Uncertainty
from rasad.roadmap.uncertainty.fitting import Finished, fit


class _File(Part):
    """The fields of `Uncertainty`, and finished projects; what they are fitted to stands beside the classes that are given."""

    version: int = 1
    classes: tuple[ReferenceClass, ...] = ()
    finished: tuple[Finished, ...] = ()
    of: dict[str, Id] = Field(default_factory=dict)
    otherwise: str = ""
    shared: Points = 0


def load_uncertainty(path: Path) -> Uncertainty:
    """Return what a JSON file says of uncertainty. ProblemError names every field that is wrong."""
    return parse_uncertainty(read_json(path))


def parse_uncertainty(data: Any) -> Uncertainty:
    """Return what `data` (of JSON) says of uncertainty. ProblemError names every field that is wrong."""
    try:
        said = _File.model_validate(data)
        given = {one.id for one in said.classes}
        fitted = tuple(one for one in fit(said.finished).classes if one.id not in given)
        return Uncertainty.model_validate(
            {
                "classes": (*said.classes, *fitted),
                "of": said.of,
                "otherwise": said.otherwise,
                "shared": said.shared,
            }
        )
    except ValidationError as error:
        raise from_validation(error) from None
