"""Drawings of the server: places mirror with the reading direction, bars reach as high as their values, a map's stations stand after what leads to them."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from rasad.web.theme.plots import Arrow, Axis, Dot, Layer, Limit, Map, Scatter, Stack, Station
from rasad.web.theme.plots.drawing import drawings, legend
from rasad.web.theme.plots.layers import BEND, ROOM, lay
from rasad.web.theme.plots.paper import ticks

AXIS = Axis("اندازه", lambda value: f"{value:g}", "more is better")


def numbers(svg: str, tag: str, name: str) -> list[float]:
    return [float(found) for found in re.findall(rf'<{tag}[^>]* {name}="([-\d.]+)"', svg)]


def test_a_stack_is_as_high_as_its_values_and_mirrored_for_persian() -> None:
    plot = Stack(
        "s",
        "t",
        categories=["1", "2"],
        axis=AXIS,
        layers=[Layer("a", [10, 20], ["10", "20"], "hardware"), Layer("b<", [30, 0], ["30", "0"], "software")],
        limits=[Limit("budget", [50, 40], ["", ""]), Limit("cap", [None, 8], ["", ""], "cap", "hardware")],
    )  # fmt: skip
    wide, narrow = drawings(plot, rtl=False)
    heights = numbers(wide, "rect", "height")
    assert [round(height / heights[0], 2) for height in heights] == [1, 3, 2]
    mirrored = drawings(plot, rtl=True)[0]
    left, right = numbers(wide, "rect", "x"), numbers(mirrored, "rect", "x")
    widths = numbers(wide, "rect", "width")
    assert all(
        abs(760 - x - width - other) < 0.11 for x, width, other in zip(left, widths, right, strict=True)
    )
    assert "b&lt; · 1: 30" in wide
    assert wide.count('class="plot-cap"') == narrow.count('class="plot-cap"') == 1
    assert [one["kind"] for one in legend(plot)] == ["layer", "layer", "step", "cap"]


def test_a_point_that_is_better_in_a_measure_stands_further_along_it() -> None:
    dots = [Dot(5, 900, "1", "one", "/x/?a=1&b=2"), Dot(90, 20, "2", "two", mark="chosen")]
    plot = Scatter("f", "t", x=AXIS, y=AXIS, dots=dots, line=True)
    for rtl in (False, True):
        wide = drawings(plot, rtl=rtl)[0]
        across, down = numbers(wide, "circle", "cx"), numbers(wide, "circle", "cy")
        assert (across[1] > across[0]) is not rtl
        assert down[1] > down[0]
        assert 'href="/x/?a=1&amp;b=2" tabindex="-1"' in wide
    assert drawings(Scatter("f", "t", x=AXIS, y=AXIS), rtl=False) == []


@example(0.0, 5e-324, 2)
@example(0.0, 0.0, 4)
@given(
    st.floats(-1e13, 1e13, allow_nan=False),
    st.floats(0, 1e13, allow_nan=False),
    st.integers(2, 6),
)
def test_ticks_are_few_and_hold_the_values(low: float, span: float, wished: int) -> None:
    found = ticks(low, low + span, wished)
    near = 1e-6 * max(abs(low), span, 1)
    assert found[0] <= low + near
    assert found[-1] >= low + span - near
    assert 2 <= len(found) <= wished + 4
    assert all(one < other for one, other in pairwise(found))


@given(st.data())
def test_every_station_stands_after_what_leads_to_it_and_none_on_another(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 9))
    keys = [f"n{at}" for at in range(count)]
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    chosen = data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=12)) if pairs else []
    arrows = [(keys[a], keys[b]) for a, b in chosen]
    laid = lay(data.draw(st.permutations(keys)), arrows)
    column = {one: at for at, nodes in enumerate(laid.columns) for one in nodes}
    assert all(column[one] < column[other] for one, other in arrows)
    assert all(column[one] + 1 == column[other] for way in laid.ways for one, other in pairwise(way))
    for nodes in laid.columns:
        for one, other in pairwise(nodes):
            room = sum((ROOM if isinstance(node, str) else BEND) / 2 for node in (one, other))
            assert laid.y[other] - laid.y[one] >= room - 1e-6
    svg = drawings(Map("m", "t", stations=[Station(key, key) for key in keys],
                       arrows=[Arrow(*pair) for pair in arrows]), rtl=True)[0]  # fmt: skip
    assert svg.count("<rect") == count
    assert svg.count("<polygon") == len(arrows)
