"""A problem as linear rows over integer variables: the one model that every solver and the explainer read."""

from rasad.roadmap.rows.build import build
from rasad.roadmap.rows.plans import decode, encode
from rasad.roadmap.rows.table import STRUCTURE, Block, Defined, Expression, Group, Linear, Row, Rows, Variable

__all__ = [
    "STRUCTURE",
    "Block",
    "Defined",
    "Expression",
    "Group",
    "Linear",
    "Row",
    "Rows",
    "Variable",
    "build",
    "decode",
    "encode",
]
