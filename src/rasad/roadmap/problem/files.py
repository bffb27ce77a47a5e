"""Problems and plans as JSON: parse, load, write, and the JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from rasad.roadmap.problem.faults import Fault, ProblemError, from_validation
from rasad.roadmap.problem.plan import Plan
from rasad.roadmap.problem.problem import Problem

_Kind = TypeVar("_Kind", Problem, Plan)


def parse(data: Any) -> Problem:
    """Return the problem that `data` (of JSON) says. ProblemError names every field that is wrong."""
    return _parse(Problem, data)


def parse_plan(data: Any) -> Plan:
    """Return the plan that `data` says; a whole result is fine too. ProblemError names every field that is wrong."""
    if isinstance(data, dict) and isinstance(data.get("plan"), dict):
        data = data["plan"]
    return _parse(Plan, data)


def load(path: Path) -> Problem:
    """Return the problem in a JSON file. ProblemError where there is none, or it is written wrongly."""
    return parse(read_json(path))


def load_plan(path: Path) -> Plan:
    """Return the plan in a JSON file: a plan, or what `rasad roadmap solve` wrote."""
    return parse_plan(read_json(path))


def dump(problem: Problem | Plan) -> dict[str, Any]:
    """Return the shortest JSON that `parse` makes the same problem of: what equals its default is left out."""
    return problem.model_dump(mode="json", exclude_defaults=True)


def write(problem: Problem | Plan, path: Path) -> None:
    """Write as JSON, readable."""
    path.write_text(json.dumps(dump(problem), ensure_ascii=False, indent=1) + "\n", "utf-8")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a problem, for editors and other programs."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Problem.model_json_schema()}


def read_json(path: Path) -> Any:
    """Return what a JSON file says. ProblemError where it is absent, no JSON, or says one thing twice; numbers stay whole."""
    try:
        return decode(path.read_bytes(), str(path))
    except FileNotFoundError:
        raise ProblemError([Fault("file_missing", found=str(path))]) from None


def decode(content: bytes, name: str) -> Any:
    """Return what the JSON in a file's content says. ProblemError, with the file's name, where it is none or says one thing twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        for key, value in pairs:
            if key in said:
                raise ProblemError([Fault("key_twice", found=name, expected=key)])
            said[key] = value
        return said

    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise ProblemError([Fault("json", found=name, expected=str(error))]) from None


def _parse(kind: type[_Kind], data: Any) -> _Kind:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        raise from_validation(error) from None
