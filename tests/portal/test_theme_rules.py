"""What holds for every stylesheet, every template and both catalogues."""

from __future__ import annotations

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

from rasad.web import messages

REPO = Path(__file__).resolve().parents[2]
CSS = sorted((REPO / "frontend/css").glob("*.css"))
TEMPLATES = sorted((REPO / "src/rasad/web").glob("*/templates/**/*.html"))
CLASSES = ("hardware", "software", "services", "staff", "telecom-cloud", "other-it", "not-it", "unknown")


def blocks() -> dict[str, dict[str, str]]:
    """The custom properties of each block of tokens.css: light, dark by system, dark by choice."""
    text = (REPO / "frontend/css/tokens.css").read_text(encoding="utf-8")
    parts = re.split(r"@media screen", text)
    assert len(parts) == 3
    light, system, chosen = (dict(re.findall(r"--([\w-]+): ([^;]+);", part)) for part in parts)
    return {"light": light, "dark": system, "chosen": chosen}


def linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (red, green, blue))  # type: ignore[return-value]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio of two colours."""
    light, dark = sorted(
        (sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


# Machado, Oliveira and Fernandes (2009), severity 1, in linear RGB.
EYES = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def oklab(colour: str, eyes: str) -> tuple[float, float, float]:
    """Björn Ottosson's OKLab of a colour as such eyes see it; distances in it are even to the eye."""
    seen = [
        min(max(sum(a * b for a, b in zip(row, linear(colour), strict=True)), 0.0), 1.0) for row in EYES[eyes]
    ]
    lms = [
        math.cbrt(sum(a * b for a, b in zip(row, seen, strict=True)))
        for row in (
            (0.4122214708, 0.5363325363, 0.0514459929),
            (0.2119034982, 0.6806995451, 0.1073969566),
            (0.0883024619, 0.2817188376, 0.6299787005),
        )
    ]
    rows = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    return tuple(sum(a * b for a, b in zip(row, lms, strict=True)) for row in rows)  # type: ignore[return-value]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "band"])
def test_classes_stand_out_from_their_ground(theme: str, ground: str) -> None:
    tokens = blocks()[theme]
    ratios = {cls: contrast(tokens[f"class-{cls}"], tokens[ground]) for cls in CLASSES}
    assert min(ratios.values()) >= 3.0, ratios


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eyes", EYES)
def test_classes_are_told_apart_by_all_eyes(theme: str, eyes: str) -> None:
    tokens = blocks()[theme]
    seen = {cls: oklab(tokens[f"class-{cls}"], eyes) for cls in CLASSES}
    apart = {(a, b): math.dist(seen[a], seen[b]) for a, b in combinations(CLASSES, 2)}
    closest = min(apart, key=lambda pair: apart[pair])
    # 0.02 is a difference just seen side by side; four of them are seen across a drawing.
    assert apart[closest] >= 0.06 if eyes == "tritan" else apart[closest] >= 0.08, (closest, apart[closest])


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        *[(ink, ground, 4.5) for ink in ("ink", "ink-soft", "ink-quiet", "link", "accent-strong") for ground in ("paper", "band", "hover")],
        *[("ink", f"tint-{i}", 4.5) for i in range(1, 6)],
        ("sample-ink", "sample", 4.5),
        ("on-accent", "accent-strong", 4.5),
        ("ink", "accent-wash", 4.5),
        ("ink-soft", "accent-wash", 4.5),
        *[(edge, ground, 3.0) for edge in ("edge", "accent", "focus", "caution", "problem", "tick") for ground in ("paper", "band")],
    ],
)  # fmt: skip
def test_text_and_edges_are_legible(theme: str, text: str, ground: str, least: float) -> None:
    tokens = blocks()[theme]
    assert contrast(tokens[text], tokens[ground]) >= least


def test_both_dark_blocks_are_the_same_and_complete() -> None:
    found = blocks()
    assert found["dark"] == found["chosen"]
    colours = {name for name, value in found["light"].items() if value.startswith("#")}
    assert colours == set(found["dark"])


def test_colours_are_said_in_the_tokens_only() -> None:
    for path in CSS:
        if path.name != "tokens.css":
            assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", path.read_text(encoding="utf-8")), (
                path.name
            )


def test_every_token_that_is_used_is_declared() -> None:
    used = {name for path in CSS for name in re.findall(r"var\(--([\w-]+)", path.read_text(encoding="utf-8"))}
    assert used - set(blocks()["light"]) == {"bar"}


def test_stylesheets_are_the_same_for_both_directions() -> None:
    physical = re.compile(
        r"(?:^|[;{\s])(?:margin|padding|border|inset)-(?:left|right)\b|(?:^|[;{\s])(?:left|right|float):|text-align:\s*(?:left|right)"
    )
    for path in CSS:
        for found in physical.finditer(path.read_text(encoding="utf-8")):
            text = path.read_text(encoding="utf-8")[max(0, found.start() - 80) : found.end()]
            # Digits and code run from left to right in both directions.
            assert re.search(r"\.num|\.share-number|direction: ltr", text), (path.name, text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", text))
    assert not re.search(r'(?:src|href)="(?:https?:)?//', text)


def test_persian_is_complete() -> None:
    catalogue = messages.read("fa")
    missing = [
        (message.context, message.id)
        for message in catalogue
        if message.id
        and (
            message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
        )
    ]
    assert missing == []


def test_catalogues_are_up_to_date() -> None:
    want = {(message.context, message.id) for message in messages.collect() if message.id}
    for language in messages.LANGUAGES:
        have = {(message.context, message.id) for message in messages.read(language) if message.id}
        assert want - have == set(), f"{language}: run make messages"
        assert have - want == set(), f"{language}: run make messages"


def test_placeholders_survive_translation() -> None:
    for message in messages.read("fa"):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = set(re.findall(r"%\((\w+)\)s", ids[-1]))
        assert all(set(re.findall(r"%\((\w+)\)s", text)) == wanted for text in texts if text), ids[0]
