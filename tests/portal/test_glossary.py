"""The glossary: complete, in both languages, the same words as on the pages; and what it explains in place."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils.translation import gettext, override

from rasad.web import messages
from rasad.web.theme import labels, terms

LANGUAGES = ("fa", "en")
DOMAIN = """unit institution project goal indicator reading resolution obligation evidence finding signal line batch source release
roadmap supplier contract payment appropriation commitment asset service working-group commission""".split()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_names_are_those_of_the_pages(lang: str) -> None:
    known = terms.by_id(lang)
    assert set(DOMAIN) <= set(known)
    with override(lang):
        for kind, ids in (
            (labels.STAGES, {}),
            (labels.CLASSES, {}),
            (labels.MODES, {"unknown": "mode-unknown"}),
            (labels.METHODS, {}),
            (labels.BOOKS, {"budget": "budget-report", "payments": "payments-ledger"}),
            (labels.FLOWS, {}),
        ):
            for code in kind:
                assert known[ids.get(code, code)].name == labels.label(kind, code)


def test_every_term_is_written_in_both_languages_and_leads_somewhere() -> None:
    every = list(terms.raw_terms())
    ids = [term["id"] for term in every]
    assert len(set(ids)) == len(ids) > 70
    for term in every:
        for name in ("fa", "en", "what_fa", "what_en"):
            assert term[name].strip() == term[name] != "", (term["id"], name)
        assert ("more_fa" in term) == ("more_en" in term)
        assert re.search("[\u0600-\u06ff]", term["what_fa"])
        assert not re.search("[\u0600-\u06ff]|[يك]", term["what_en"])
        assert not re.search("[يك]", term["what_fa"] + term["fa"])
        assert set(term.get("lists", ())) | set(term.get("see", ())) <= set(ids)


def test_headings_that_are_explained_are_texts_of_the_pages() -> None:
    texts = {message.id for message in messages.collect() if isinstance(message.id, str)}
    heads = [head for term in terms.raw_terms() for head in term.get("heads", ())]
    assert len(set(heads)) == len(heads), "a heading means one term"
    assert set(heads) <= texts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_an_anchor_for_every_term(client: Client, lang: str) -> None:
    text = client.get(f"/{lang}/glossary/").content.decode()
    for term in terms.by_id(lang).values():
        assert f'id="{term.id}"' in text
        assert term.what.replace("'", "&#x27;") in text
    for anchor in re.findall(r'href="#([\w-]+)"', text):
        assert f'id="{anchor}"' in text
    assert "popover" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", {"paid", "payments-ledger", "it", "hardware-share", "unknown", "class"}),
        ("money/?by=unit", {"paid", "per-resident", "unknown", "unit", "line"}),
        ("budget/", {"initial", "modification", "final", "committed", "paid", "absorption"}),
        ("compare/?by=class", {"paid", "change-between", "unknown", "class"}),
        ("share/", {"paid", "per-resident", "class"}),
        ("line/aaaa00000000-1-2-paid/", {"paid", "class", "mode", "method", "confidence", "source", "batch"}),
        ("data/", {"quarantine", "stored", "set-aside", "fingerprint", "control-totals"}),
        ("embed/money/?by=class", {"class", "line"}),
    ],
)
def test_pages_explain_their_headings(client: Client, lang: str, path: str, expected: set[str]) -> None:
    text = client.get(f"/{lang}/{path}").content.decode()
    opened = re.findall(r'popovertarget="term-([\w-]+)"', text)
    cards = re.findall(r'<div class="term-card" id="term-([\w-]+)" popover>', text)
    assert expected <= set(opened)
    assert sorted(cards) == sorted(set(opened)), "each explanation once, and none that nothing opens"
    known = terms.by_id(lang)
    for id in set(opened):
        assert f'href="/{lang}/glossary/#{id}"' in text
        assert known[id].what.replace("'", "&#x27;") in text
    # A heading that is a link itself has a mark, and only where nothing above explained the term.
    marks = re.findall(r'class="term-mark" popovertarget="term-([\w-]+)" aria-label="([^"]+)"', text)
    assert len({id for id, _label in marks}) == len(marks)
    assert all(known[id].name in label for id, label in marks)


def test_what_stands_in_the_data_is_never_taken_for_a_heading(client: Client) -> None:
    """A unit of the town could be called by a term's name; only headings are looked up, and none of them is data."""
    with override("fa"):
        assert terms.named(gettext("Class unknown"), "fa") is terms.by_id("fa")["unknown"]
    assert terms.named("سازمان فناوری اطلاعات", "fa") is None
    assert terms.named("Change", "en") is terms.by_id("en")["change-between"]


def test_errors_offer_no_explanation(client: Client) -> None:
    assert "popovertarget" not in client.get("/en/money/?year=x").content.decode()
