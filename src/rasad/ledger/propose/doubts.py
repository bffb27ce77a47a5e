"""What about a proposed mapping is doubtful."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rasad.ledger.problems import DIGITS


@dataclass(frozen=True)
class Doubt:
    """Something to look at: the key of the mapping it is about, and what, as a template with its values."""

    key: str
    message: str
    values: dict[str, str] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """Return the doubt in the language of `translate`."""
        digits = str.maketrans("0123456789", translate(DIGITS))
        # A share and a count are the program's own figures; a file's name stays as it is.
        values = {
            name: text.translate(digits) if name in ("share", "count", "rows") else text
            for name, text in self.values.items()
        }
        return translate(self.message) % values if values else translate(self.message)
