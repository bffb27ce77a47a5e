"""What a new batch supersedes, and what became of the lines that were counted before."""

from __future__ import annotations

from rasad.actions.quarantine import superseded
from rasad.actions.sources import left_with
from rasad.cli.comparing import STAGE_NAMES
from rasad.cli.console import Session
from rasad.ledger.batches import Receipt
from rasad.persian import money


def show_superseded(session: Session, receipt: Receipt) -> None:
    """Say which batches a new one supersedes, if any: by rows that were put right, or as a newer export or reading."""
    if not receipt.supersedes:
        return
    before = superseded(session.home, receipt)
    if receipt.corrections and receipt.corrections != before.corrections:
        _show_put_right(session, receipt, before)
        return
    session.say(
        "%(file)s supersedes batch %(batches)s.",
        file=receipt.file["name"],
        batches=(" و " if session.lang == "fa" else " and ").join(receipt.supersedes),
    )
    left = left_with(session.home, receipt)
    if left:
        session.say(
            "Of the lines counted before: in it as they were %(same)s, changed in it %(changed)s, gone with a tombstone %(gone)s.",
            same=left.get("same", 0),
            changed=left.get("changed", 0),
            gone=left.get("gone", 0) + left.get("reread", 0),
        )


def _show_put_right(session: Session, receipt: Receipt, before: Receipt) -> None:
    """Say what the newest corrections changed: rows, and amounts before and after."""
    newest = receipt.corrections[-1]
    session.say_counted(
        "%(count)s row of batch %(batch)s is put right; wrong yet: %(still)s. The new batch supersedes it.",
        "%(count)s rows of batch %(batch)s are put right; wrong yet: %(still)s. The new batch supersedes it.",
        len(newest["rows"]) - len(newest["still"]),
        still=receipt.rows["quarantined"],
        batch=before.batch,
    )
    for old, new in zip(before.amounts, receipt.amounts, strict=True):
        if (old.in_, old.unreadable_cells) == (new.in_, new.unreadable_cells):
            continue
        figures = {"before": old.in_, "now": new.in_, "by": new.in_ - old.in_}
        session.say(
            "%(column)s (%(stage)s): the file came to %(before)s (cells unreadable: %(cells)s); put right it comes to %(now)s "
            "(cells unreadable: %(left)s; difference %(by)s).",
            column=new.column,
            stage=session.text(STAGE_NAMES.get(new.stage, new.stage)),
            cells=old.unreadable_cells,
            left=new.unreadable_cells,
            **{
                name: money.number(figure, currency=new.currency, lang=session.lang)
                for name, figure in figures.items()
            },
        )
