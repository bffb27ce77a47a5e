"""An SVG drawing whose time runs with the reader: left to right in English, right to left in Persian."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

# The site's colours (see docs/design.md), light and dark; a drawing stands alone, so it bears them itself.
STYLE = """
:root{--paper:#fbfcfb;--band:#f0f4f3;--ink:#101d1c;--soft:#33403f;--quiet:#566463;--rule:#d5dddb;--strong:#97a5a3;--accent:#00838a;
--deep:#006a72;--problem:#a8201a;--t1:#e7f2f1;--t2:#d3e8e7;--t3:#bedddc;--t4:#a6d1d1;--t5:#8cc4c5;
--hardware:#1d3478;--software:#2e989f;--services:#bd7c16;--staff:#5b0a1a;--telecom_cloud:#7b479a;--other:#306717}
@media (prefers-color-scheme:dark){:root{--paper:#0e1716;--band:#16211f;--ink:#e6edeb;--soft:#bccac7;--quiet:#93a3a0;--rule:#283532;
--strong:#566763;--accent:#3fb5b3;--deep:#66c9c5;--problem:#ef7d70;--t1:#132423;--t2:#163231;--t3:#19403f;--t4:#1c4f4e;--t5:#205f5d;
--hardware:#8991e2;--software:#51b1b2;--services:#ddb05d;--staff:#e88180;--telecom_cloud:#a56ea4;--other:#7b853d}}
text{font-family:Vazirmatn,Tahoma,"DejaVu Sans",sans-serif;font-size:13px;fill:var(--ink)}
.title{font-size:21px;font-weight:700}.head{font-size:15px;font-weight:700}.quiet{fill:var(--quiet);font-size:12px}
.small{font-size:11px;fill:var(--soft)}.on{fill:var(--paper);font-size:11px}.problem{fill:var(--problem);font-weight:700}
"""


@dataclass
class Canvas:
    """Shapes on a page of a given width; its height grows. x is measured from where reading begins."""

    width: int
    rtl: bool
    height: float = 0
    parts: list[str] = field(default_factory=list)

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, *, title: str = "", more: str = ""
    ) -> None:
        """Add a filled rectangle; `fill` is a colour's name. `title` is said on hovering."""
        left = self.width - x - width if self.rtl else x
        inner = f"<title>{escape(title)}</title>" if title else ""
        paint = fill if fill.startswith("url") else f"var(--{fill})"
        self.parts.append(
            f'<rect x="{left:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{paint}"{more}>{inner}</rect>'
        )

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        stroke: str = "rule",
        *,
        width: float = 1,
        dash: str = "",
    ) -> None:
        """Add a line."""
        if self.rtl:
            x1, x2 = self.width - x1, self.width - x2
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="var(--{stroke})" stroke-width="{width}"{dashes}/>'
        )

    def text(self, x: float, y: float, text: str, kind: str = "", *, at: str = "start") -> None:
        """Add a text; `at`: which part of it stands at x: start, middle or end, as it is read."""
        place = self.width - x if self.rtl else x
        named = f' class="{kind}"' if kind else ""
        self.parts.append(
            f'<text x="{place:.1f}" y="{y:.1f}" text-anchor="{at}"{named}>{escape(text)}</text>'
        )

    def svg(self, title: str) -> str:
        """Return the whole drawing."""
        direction = "rtl" if self.rtl else "ltr"
        lang = "fa" if self.rtl else "en"
        height = f"{self.height:.0f}"
        hatch = (
            '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<rect width="6" height="6" fill="var(--accent)"/><line x1="0" y1="0" x2="0" y2="6" stroke="var(--t5)" stroke-width="3"/></pattern></defs>'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" height="{height}" '
            f'direction="{direction}" xml:lang="{lang}" role="img"><title>{escape(title)}</title><style>{STYLE}</style>{hatch}'
            f'<rect width="{self.width}" height="{height}" fill="var(--paper)"/>'
            + "".join(self.parts)
            + "</svg>\n"
        )


def shortened(text: str, most: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
