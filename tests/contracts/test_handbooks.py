"""Handbooks against the pages: what the secretary's says in italics is a button, a page or a field by the very words that stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

REPO = Path(__file__).resolve().parents[2]
CATALOGUE = REPO / "src" / "rasad" / "locale" / "fa" / "LC_MESSAGES" / "django.po"
ITALICS = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_the_secretarys_handbook_names_pages_and_buttons_as_they_are(lang: str) -> None:
    with CATALOGUE.open("rb") as file:
        texts = [message for message in read_po(file, locale="fa") if message.id]
    there = {str(one.string if lang == "fa" else one.id) for one in texts}
    handbook = (REPO / "docs" / "handbook" / f"secretary.{lang}.md").read_text("utf-8")
    named = [one for way in ITALICS.findall(handbook) for one in re.split(r" [←→] ", way)]
    assert len(named) > 40
    assert [one for one in named if one not in there] == []
