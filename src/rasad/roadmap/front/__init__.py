"""Trade-offs: every plan of which none is better in every target. `front.tracing.trace` is the way in."""

from rasad.roadmap.front.result import Axis, Front, Point

__all__ = ["Axis", "Front", "Point"]
