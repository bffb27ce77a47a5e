"""Finding a circle among arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def find_circle(arrows: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids of one circle in order; empty where there is none. Arrows to unknown ids are passed over."""
    done: set[str] = set()
    for first in arrows:
        # Depth first without recursion, since chains may be long: the path, and where each of its ids stands.
        path: list[str] = []
        on_path: dict[str, int] = {}
        waiting: list[tuple[str, bool]] = [(first, False)]
        while waiting:
            here, left = waiting.pop()
            if left:
                path.pop()
                del on_path[here]
                done.add(here)
                continue
            if here in on_path:
                return path[on_path[here] :]
            if here in done or here not in arrows:
                continue
            on_path[here] = len(path)
            path.append(here)
            waiting.append((here, True))
            waiting.extend((there, False) for there in arrows[here])
    return []
