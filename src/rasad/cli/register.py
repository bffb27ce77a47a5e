"""What `rasad records` does with the register. Imported only once the workspace is connected."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import translation

from rasad.actions import bulk
from rasad.actions.bulk.profiles import profiles
from rasad.actions.register import model_of
from rasad.cli.console import DIFFERENT, NOTHING_TO_DO, WRONG_INPUT, WRONG_USE, Session
from rasad.records.models import Account
from rasad.records.tables import SHEETS

MOST_SHOWN = 50
"""Problems that are printed; all of them are in `--json` and in the file of refused rows."""


def show_nouns(session: Session) -> None:
    """Say what the register holds."""
    counts = {sheet.name: model_of(sheet.name)._base_manager.count() for sheet in SHEETS}
    if session.as_json:
        session.emit(
            [
                {
                    "noun": sheet.name,
                    "fa": sheet.table.fa,
                    "en": sheet.table.en,
                    "key": sheet.table.key,
                    "columns": sheet.table.names,
                    "records": counts[sheet.name],
                }
                for sheet in SHEETS
            ]
        )
        return
    rows = [
        [
            sheet.name,
            sheet.table.fa if session.lang == "fa" else sheet.table.en,
            session.number(counts[sheet.name]),
            ", ".join(sheet.table.key),
        ]
        for sheet in SHEETS
    ]
    session.table(["noun", "title", "records", "known by"], rows, numbers=(2,))


def exported(session: Session, noun: str, headers: str | None, dates: str) -> Iterator[bytes]:
    """Yield a noun as CSV."""
    return bulk.export_sheet(noun=noun, format="csv", wording=_wording(session, headers, dates))


def write_export(
    session: Session, nouns: tuple[str, ...], path: Path, headers: str | None, dates: str
) -> None:
    """Write nouns to a file and say how many records they are."""
    counts = bulk.export_file(nouns=nouns, path=path, wording=_wording(session, headers, dates))
    if session.as_json:
        session.emit({"path": str(path), "records": counts})
    else:
        session.say_counted(
            "%(count)s record written to %(path)s",
            "%(count)s records written to %(path)s",
            sum(counts.values()),
            path=str(path),
        )


def write_template(session: Session, nouns: tuple[str, ...], path: Path, headers: str | None) -> None:
    """Write an empty file to be filled in."""
    ways = bulk.city_ways(session.home)
    bulk.template_file(nouns=nouns, path=path, wording=_wording(session, headers, "iso"), ways=ways)
    if session.as_json:
        session.emit({"path": str(path), "nouns": nouns})
    else:
        session.say("%(path)s is ready to be filled in.", path=str(path))


def take_in(
    session: Session,
    files: list[Path],
    *,
    noun: str | None,
    profile: str | None,
    valid_only: bool,
    refused: Path | None,
    check_only: bool,
    email: str,
    why: str,
) -> None:
    """Take files in, say what became of them, and end with the exit code that says so too."""
    by = _account(session, email)
    if profile is not None and profile not in profiles():
        have = ", ".join(profiles())
        session.fail(
            session.text("No profile is called %(name)s. There are: %(have)s", name=profile, have=have),
            code=WRONG_USE,
        )
    with translation.override(session.lang), session.progress() as progress:
        done = bulk.import_files(
            paths=files,
            noun=noun,
            profile=profile,
            by=by,
            why=why,
            valid_only=valid_only,
            check_only=check_only,
            ways=bulk.city_ways(session.home),
            progress=progress,
        )
    if refused is not None and done.problems:
        bulk.write_refused(done=done, path=refused, translate=session.text, rtl=session.lang == "fa")
    _show(session, done, refused, check_only=check_only)
    if done.problems:
        raise SystemExit(DIFFERENT if done.written else WRONG_INPUT)
    if not done.written and not check_only:
        raise SystemExit(NOTHING_TO_DO)


def _show(session: Session, done: bulk.Imported, refused: Path | None, *, check_only: bool) -> None:
    problems = done.problems
    if session.as_json:
        session.emit(
            {
                "written": done.written,
                "change": done.change,
                "sheets": [sheet.as_dict() for sheet in done.sheets],
                "problems": [{**one.as_dict(), "message": one.message(session.text)} for one in problems],
                "refused_rows": str(refused) if refused and problems else None,
            }
        )
        return
    rows = [_counts(session, sheet) for sheet in done.sheets]
    heads = ["file", "", "rows", "added", "changed", "unchanged", "removed", "refused"]
    session.table(heads, rows, numbers=(2, 3, 4, 5, 6, 7))
    for sheet in done.sheets:
        if sheet.unknown:
            names = session.text(", ").join(sheet.unknown)
            place = f"{sheet.file} {sheet.sheet}".strip()
            session.err.print(
                session.text("%(file)s: columns not read: %(names)s", file=place, names=names),
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
        for column, some in sheet.unmatched.items():
            session.err.print(
                session.text(
                    "%(file)s: nothing is called so, and %(column)s stays as it is: %(names)s",
                    file=sheet.file,
                    column=column,
                    names=session.text(", ").join(some[:MOST_SHOWN]),
                ),
                style="yellow",
                markup=False,
                soft_wrap=True,
            )
    for one in problems[:MOST_SHOWN]:
        session.err.print(one.message(session.text), style="bold red", markup=False, soft_wrap=True)
    if len(problems) > MOST_SHOWN:
        more = session.text("… and %(count)s more", count=len(problems) - MOST_SHOWN)
        session.err.print(more, style="bold red", markup=False)
    if refused is not None and problems:
        session.say("Refused rows are in %(path)s: put them right and load that file.", path=str(refused))
    if check_only:
        session.say("Nothing was written; this is what would be.")
    elif not done.written and problems:
        session.say("Nothing was written.")
    elif not done.written:
        session.say("The register says so already; nothing to do.")


def _counts(session: Session, sheet: Any) -> list[str]:
    titles = {one.name: one.table.fa if session.lang == "fa" else one.table.en for one in SHEETS}
    place = f"{sheet.file} ({sheet.sheet})" if sheet.sheet else sheet.file
    outcomes = ("added", "changed", "unchanged", "removed", "refused")
    figures = [session.number(sheet.counts[one]) for one in outcomes]
    return [place, titles[sheet.noun], session.number(sheet.rows), *figures]


def _account(session: Session, email: str) -> Account | None:
    if not email:
        return None
    account = Account.objects.filter(email__iexact=email, is_active=True).first()
    if account is None:
        session.fail(session.text("No account has the address %(email)s.", email=email))
    return account


def _wording(session: Session, headers: str | None, dates: str) -> bulk.Wording:
    language: Any = headers or session.lang
    days: Any = dates
    return bulk.Wording(language, days, bulk.city_ways(session.home).minor_digits)
