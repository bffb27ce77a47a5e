"""What every command shares: the city's home, the language, progress, `--json` and exit codes."""

from __future__ import annotations

import gettext
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from rasad.persian.digits import to_persian

LOCALES = Path(__file__).resolve().parent.parent / "locale"

DONE, WRONG_INPUT, WRONG_USE, NOTHING_TO_DO, DIFFERENT, DECIDE, STOPPED = 0, 1, 2, 3, 4, 5, 130
"""Exit codes; `rasad --help` lists them."""

ProgressCall = Callable[[str, int, int], None]
"""`progress(what, done, total)`: what is being worked on, how much is done, of how much (0: not known)."""


@dataclass
class Session:
    """What the options before the command said, and how to talk to the person who typed it."""

    home: Path
    lang: str
    as_json: bool
    out: Console = field(default_factory=lambda: _console(stderr=False))
    err: Console = field(default_factory=lambda: _console(stderr=True))

    def __post_init__(self) -> None:
        self._catalogue = gettext.translation("django", LOCALES, [self.lang], fallback=True)

    def text(self, message: str, **values: object) -> str:
        """Translate `message` and fill in `values`; numbers take the language's digits."""
        # gettext keeps its own header under the empty text.
        translated = self._catalogue.gettext(message) if message else ""
        if not values:
            return translated
        return translated % {name: self.number(v) if isinstance(v, int) else v for name, v in values.items()}

    def counted(self, one: str, many: str, count: int, **values: object) -> str:
        """Translate `one` where `count`, which both texts name, is 1, else `many`."""
        translated = self._catalogue.ngettext(one, many, count)
        every = {"count": count, **values}
        return translated % {name: self.number(v) if isinstance(v, int) else v for name, v in every.items()}

    def say_counted(self, one: str, many: str, count: int, **values: object) -> None:
        """Print one translated line that counts something, as `say` does."""
        (self.err if self.as_json else self.out).print(
            self.counted(one, many, count, **values), markup=False, soft_wrap=True
        )

    def number(self, value: int) -> str:
        """Return `value` grouped, in the language's digits."""
        grouped = f"{value:,}"
        return to_persian(grouped.replace(",", "٬")) if self.lang == "fa" else grouped

    def speaking(self, lang: str) -> Session:
        """Return the same session in another language: for what is written into a city's records, which is in the city's own."""
        return replace(self, lang=lang)

    def say(self, message: str, **values: object) -> None:
        """Print one translated line: to standard error when standard output carries JSON."""
        (self.err if self.as_json else self.out).print(
            self.text(message, **values), markup=False, soft_wrap=True
        )

    def emit(self, value: Any) -> None:
        """Print `value` as the one JSON document of a `--json` run."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    def table(
        self, headers: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: Sequence[int] = ()
    ) -> None:
        """Print a table with its headers as given; columns whose index is in `numbers` are aligned as numbers."""
        table = Table(box=None, pad_edge=False, header_style="bold")
        for index, header in enumerate(headers):
            table.add_column(
                self.text(header), justify="right" if index in numbers else "left", overflow="fold"
            )
        for row in rows:
            table.add_row(*row)
        self.out.print(table)

    def fail(self, message: str, *, code: int = WRONG_INPUT) -> NoReturn:
        """Say what is wrong on standard error and end with `code`."""
        if self.as_json:
            self.emit({"error": message, "exit_code": code})
        self.err.print(message, style="bold red", markup=False, soft_wrap=True)
        raise SystemExit(code)

    def say_stopped(self) -> None:
        """Say on standard error that the command was broken off, and what that means for the data."""
        said = self.text("Stopped. What had ended is kept; nothing is half-written.")
        self.err.print(f"\n{said}", style="yellow", markup=False, soft_wrap=True)

    @contextmanager
    def progress(self) -> Iterator[ProgressCall]:
        """Yield a callback that draws a progress bar on standard error, and nothing where that is no terminal."""
        if not self.err.is_terminal:
            yield lambda what, done, total: None
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.err, transient=True) as bar:
            task = bar.add_task("", total=None)

            def report(what: str, done: int, total: int) -> None:
                bar.update(task, description=self.text(what), completed=done, total=total or None)

            yield report


def _console(*, stderr: bool) -> Console:
    """Return a console; one that is no terminal is wide enough for tables not to break."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=160)


def default_language() -> str:
    """Return `fa` or `en` from RASAD_LANG, else from the terminal's language; Persian where neither says."""
    for name in ("RASAD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value[:2] in ("fa", "en"):
            return value[:2]
    return (
        "en" if os.environ.get("LANG", "").startswith(("C", "POSIX")) or not os.environ.get("LANG") else "fa"
    )


pass_session = click.make_pass_decorator(Session)


def need_home(session: Session) -> None:
    """End the command where the home is no city's."""
    if not (session.home / "city.toml").is_file():
        session.fail(
            session.text(
                "%(home)s is no city's home. Make one with rasad new, or name it with --home.",
                home=str(session.home),
            ),
            code=WRONG_USE,
        )
