"""Collects the texts of code and templates into the catalogues, with no system tools: `python -m rasad.web.messages`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

Message = tuple[int, str | tuple[str, ...], list[str], str | None]


def extract(
    fileobj: BinaryIO, keywords: Mapping[str, Any], comment_tags: Sequence[str], options: Mapping[str, Any]
) -> Iterator[Message]:
    """Yield the texts of one template as Babel's extractors do: Django turns its tags into calls, Babel reads the calls."""
    encoding = options.get("encoding", "utf-8")
    calls = templatize(fileobj.read().decode(encoding), origin=getattr(fileobj, "name", None))
    yield from extract_python(BytesIO(calls.encode(encoding)), keywords, comment_tags, {"encoding": encoding})


PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"
LANGUAGES = ("fa", "en")
# Without dates, so that a catalogue changes only with its texts.
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
METHODS = [
    ("**.py", "python"),
    ("**/templates/**.html", "rasad.web.messages:extract"),
    ("**/templates/**.txt", "rasad.web.messages:extract"),
]
# `_n` marks the templates of problems in rooms that know no Django.
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_n": None,
    # What the command line says.
    "say": None,
    "text": None,
    "counted": (1, 2),
    "say_counted": (1, 2),
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def collect() -> Catalog:
    """Return every text of the package, in order, without translations."""
    catalog = Catalog(charset="utf-8")
    for _, _, message, comments, context in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS):
        if message:  # the empty text is where gettext keeps its header
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it stands; an empty one where there is none yet."""
    path = LOCALE / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def main() -> None:
    """Bring the catalogues up to date: new texts come in untranslated, gone ones leave."""
    texts = collect()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(texts, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = LOCALE / language / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.write(HEADER.format(language=language).encode())
            write_po(file, catalog, width=110, no_location=True, omit_header=True, sort_output=True)
        missing = [message.id for message in catalog if message.id and not message.string]
        if language != "en":
            print(f"{language}: {len(texts)} texts, {len(missing)} to translate")


if __name__ == "__main__":
    main()
