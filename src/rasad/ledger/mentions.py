"""Natural persons whom a text mentions: masked where an honorific or "in respect of" stands before a name, and where a name stands by itself.

Only texts in Latin script are read here: Persian text has its honorifics in `rasad.ledger.masks`, and there many a given name is a word of its own.
A person who is mentioned in any other way is not recognised; a data officer lists such names in the home's `persons.txt`.
"""

from __future__ import annotations

import re

from rasad.ledger.persons import latin_given_names, not_alone, said
from rasad.persian.text import search_key

MASK = "***"
_WORD = r"[^\W\d_][\w'’-]*\.?"
_JOIN = r"(?:[ .]+(?:(?:and|y|e|&)[ ]+)?)"
_NAME = rf"({_WORD}(?:{_JOIN}{_WORD}){{0,4}})"
# Whatever follows is a name: behind these words anywhere, behind Miss and Ms where a text or a part of it begins with them.
_SURE = re.compile(
    rf"(\b(?:mr|mrs|mr and mrs|mr & mrs|iro)|(?:^|(?<=[/,;|(@])) ?(?:miss|ms))(\.?[ ]+){_NAME}", re.IGNORECASE
)
# A name follows where it is a given name: Near miss report, PARK DR. Not behind «Nuestra Señora», nor before a house's number.
_MAYBE = re.compile(
    rf"(?<![\w.])(?<!ntra )(?<!ntra\.)(?<!nuestra )(miss|ms|dr|dra|prof|professor|rev|sr|sra|don|doña|dona|d|dª|dña)([.ª]*[ ]+){_NAME}",
    re.IGNORECASE,
)
_PRODUCTS = frozenset(
    "office windows sql server teams azure exchange project word excel sharepoint dynamics visio".split()
)
_PARTS = re.compile(r"([,;/|()\n]| - )")
_STREET = re.compile(r"\b(?:c|cl|calle|pl|pz|pza|plaza|av|avda|avenida|ps|paseo|st|street|road|rd|way)\s*$", re.IGNORECASE)  # fmt: skip
_HOUSE = re.compile(r"\s*\d{1,3}\b")
_JOINS = frozenset(("and", "y", "e"))


def without_persons(text: str) -> str:
    """Return `text` with the names of natural persons whom it mentions masked."""
    text = _SURE.sub(lambda found: found[0] if _product(found) else f"{found[1]}{found[2]}{MASK}", text)
    text = _MAYBE.sub(_where_a_name_is, text)
    parts = _PARTS.split(text)
    for place in range(0, len(parts), 2):
        before = parts[place - 2] if place else ""
        behind = parts[place + 2] if place + 2 < len(parts) else ""
        if _alone(parts[place]) and not _STREET.search(before) and not _HOUSE.match(behind):
            name = parts[place].strip()
            end = "." if name.endswith(".") else ""
            parts[place] = parts[place].replace(name, MASK + end)
    return "".join(parts)


def candidates() -> list[str]:
    """Return what a padded search key of a text must contain for the text to mention a person at all."""
    before = "mr mrs iro miss ms dr dra prof professor rev sr sra don dona d dna"
    return [f" {word} " for word in sorted({*latin_given_names(), *before.split()})]


def _product(found: re.Match[str]) -> bool:
    """Whether "MS" stands before a product of Microsoft's."""
    return search_key(found[1]) == "ms" and search_key(found[3]).partition(" ")[0] in _PRODUCTS


def _where_a_name_is(found: re.Match[str]) -> str:
    """Return what was found, masked where two words or more begin with a given name and no house's number follows."""
    words = search_key(found[3]).split()
    named = len(words) > 1 and words[0] in latin_given_names() and not _HOUSE.match(found.string, found.end())
    return f"{found[1]}{found[2]}{MASK}" if named else found[0]


def _alone(part: str) -> bool:
    """Whether a part of a text is a person's name and nothing else."""
    if not 1 <= part.strip(" .").count(" ") + part.count(".") <= 6 or any(char.isdigit() for char in part):
        return False
    words = search_key(part).split()
    if not 2 <= len(words) <= 5:
        return False
    joined = [word for word in words if word not in _JOINS]
    return (
        words[0] in latin_given_names()
        and words[0] not in not_alone()
        and len(joined) > 1
        and said(part).given
    )
