"""Drawings that the server makes as SVG: they need no script, print, and stand beside their table like every chart.

`{% plot drawing %}…table…{% endplot %}` writes one. Texts are already in the reader's language; values give lengths and places alone.
"""

from rasad.web.theme.plots.kinds import (
    Arrow,
    Axis,
    Dot,
    Layer,
    Limit,
    Map,
    Plot,
    Reach,
    Scatter,
    Stack,
    Station,
    Tornado,
)

__all__ = [
    "Arrow",
    "Axis",
    "Dot",
    "Layer",
    "Limit",
    "Map",
    "Plot",
    "Reach",
    "Scatter",
    "Stack",
    "Station",
    "Tornado",
]
