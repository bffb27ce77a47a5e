"""What a disk may hold after the power went: what was flushed to it for certain, and of the rest any part.

A file's content is certain from its last fsync, a name from the last fsync of its folder; that is all POSIX promises. Of what is not
certain, the states made here have nothing, everything, one change alone, and all but one; contents that are not certain are empty, cut in half, or
whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from stat import S_ISDIR

from watching import Step

Tree = dict[str, bytes | None]
"""Path within the folder → content; None for a folder."""
_File = tuple[int, int]


def tree(root: Path) -> Tree:
    """Return everything in a folder."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
    }


def put(root: Path, content: Tree) -> None:
    """Make an empty folder hold the tree."""
    for name, data in sorted(content.items()):
        path = root / name
        if data is None:
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


class Disk:
    """The disk under a folder while work goes on in it. Everything that is there at the beginning is certain."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._born: dict[int, int] = {}
        self._there: set[int] = set()
        self._names = self._scan()
        self._data = {
            file: (root / name).read_bytes() for name, (file, folder) in self._names.items() if not folder
        }

    def flushed(self, step: Step) -> None:
        """Take note that an fsync makes certain what its file or folder holds now."""
        live = self._scan()
        name = str(step.path.relative_to(self.root))
        if name in live and not live[name][1]:
            self._data[live[name][0]] = step.path.read_bytes()
            return
        inside = {one for one in {*self._names, *live} if str(Path(one).parent) == name}
        for one in inside:
            self._names.pop(one, None)
            if one in live:
                self._names[one] = live[one]

    def after_a_power_cut(self) -> Iterator[Tree]:
        """Yield what may be found if the power went now."""
        live = self._scan()
        now = {file: (self.root / name).read_bytes() for name, (file, folder) in live.items() if not folder}
        changed = sorted(name for name in {*self._names, *live} if self._names.get(name) != live.get(name))
        chosen = [
            set[str](),
            set(changed),
            *({one} for one in changed),
            *(set(changed) - {one} for one in changed),
        ]
        for applied in chosen:
            names = {
                name: (live if name in applied else self._names)[name]
                for name in {*self._names, *live}
                if name in (live if name in applied else self._names)
            }
            for part in (0.0, 0.5, 1.0):
                yield self._found(names, now, part)

    def _found(self, names: dict[str, tuple[_File, bool]], now: dict[_File, bytes], part: float) -> Tree:
        found: Tree = {}
        for name, (file, folder) in sorted(names.items()):
            above = str(Path(name).parent)
            if above != "." and above not in found:
                continue
            if folder:
                found[name] = None
                continue
            certain, whole = self._data.get(file, b""), now.get(file, self._data.get(file, b""))
            found[name] = (
                certain if part == 0 else whole[: int(len(whole) * part)] if whole != certain else whole
            )
        return found

    def _scan(self) -> dict[str, tuple[_File, bool]]:
        """Return each name's file and whether it is a folder. A number that was free meanwhile is another file."""
        seen = {}
        for path in sorted(self.root.rglob("*")):
            status = path.lstat()
            seen[str(path.relative_to(self.root))] = (status.st_ino, S_ISDIR(status.st_mode))
        numbers = {number for number, _ in seen.values()}
        for number in numbers - self._there:
            self._born[number] = self._born.get(number, 0) + 1
        self._there = numbers
        return {name: ((number, self._born[number]), folder) for name, (number, folder) in seen.items()}
