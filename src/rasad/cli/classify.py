"""`rasad classify`: what the money bought, and how sure that is."""

from __future__ import annotations

import click

from rasad.cli.console import Session, need_home, pass_session
from rasad.ledger.classify.judgements import JudgementError, judge
from rasad.ledger.classify.report import Confusion, Report, report
from rasad.ledger.schema import CLASSES, MODES
from rasad.ledger.suggestions import suggest_all
from rasad.ledger.view import view
from rasad.persian.money import display


@click.group()
def classify() -> None:
    """Classes of spending: hardware, software, services, staff, telecom and cloud, other IT, not IT, unknown."""


@classify.command(epilog="Example: rasad --home karaj classify run")
@pass_session
def run(session: Session) -> None:
    """Classify what today's rules have not seen yet. Earlier suggestions and people's judgements stay on record."""
    need_home(session)
    with session.progress() as progress:
        progress("classes and suppliers", 0, 0)
        written = suggest_all(session.home)
    if session.as_json:
        session.emit({"written": [path.name for path in written]})
    else:
        session.say_counted(
            "%(count)s file of suggestions written.", "%(count)s files of suggestions written.", len(written)
        )


@classify.command(name="report", epilog="Example: rasad --home karaj classify report --unknowns 40")
@click.option(
    "--unknowns",
    default=20,
    show_default=True,
    type=click.IntRange(0),
    help="How many of the largest unknowns.",
)
@click.option("--stage", help="Only this stage.")
@pass_session
def report_(session: Session, unknowns: int, stage: str | None) -> None:
    """Show the share of each class by amount and rows, the largest unknowns first, and a confusion table where a source has labels."""
    need_home(session)
    with session.progress() as progress:
        progress("classes and suppliers", 0, 0)
        found = [one for one in report(view(session.home), unknowns=unknowns) if stage in (None, one.stage)]
    if session.as_json:
        session.emit([one.as_dict() for one in found])
        return
    if not found:
        session.say("Nothing has been imported yet.")
    for one in found:
        _show(session, one)


def _show(session: Session, one: Report) -> None:
    session.out.print(
        f"\n[bold]{one.stage}[/] {one.currency}  {session.number(one.rows)} {session.text('rows')}"
    )
    rows = [
        [share.key, display(share.amount, one.currency, lang=session.lang), f"{share.amount_share:.1%}",
         session.number(share.rows), f"{share.rows_share:.1%}"]
        for share in (*one.by_class, *one.by_method)
    ]  # fmt: skip
    session.table(
        [
            session.text("class"),
            session.text("amount"),
            session.text("share"),
            session.text("rows"),
            session.text("share"),
        ],
        rows,
        numbers=(1, 2, 3, 4),
    )
    if one.unknowns:
        session.say("The largest unknowns:")
        session.table(
            [session.text("description"), session.text("rows"), session.text("amount")],
            [
                [u.title, session.number(u.rows), display(u.amount, one.currency, lang=session.lang)]
                for u in one.unknowns
            ],
            numbers=(1, 2),
        )
    for confusion in one.confusions:
        _show_confusion(session, confusion)


def _show_confusion(session: Session, confusion: Confusion) -> None:
    session.say_counted(
        "Our class against the source's own label, %(source)s, %(count)s row:",
        "Our class against the source's own label, %(source)s, %(count)s rows:",
        confusion.rows,
        source=confusion.source,
    )
    ours = [cls for cls in CLASSES if any(cell[1] == cls for cell in confusion.cells)]
    own = sorted(
        {cell[0] for cell in confusion.cells}, key=lambda c: CLASSES.index(c) if c in CLASSES else 99
    )
    counts = {(a, b): rows for a, b, rows, _ in confusion.cells}
    rows = []
    for label in own:
        recall = confusion.recall.get(label)
        precision = confusion.precision.get(label)
        figures = [session.number(counts.get((label, cls), 0)) for cls in ours]
        rates = [f"{rate:.0%}" if rate is not None else "-" for rate in (recall, precision)]
        rows.append([label, *figures, *rates])
    headers = [session.text("own label"), *ours, session.text("recall"), session.text("precision")]
    session.table(headers, rows, numbers=tuple(range(1, len(headers))))


@classify.command(
    name="judge",
    epilog="Example: rasad --home karaj classify judge 1a2b3c4d5e6f-1-12-paid hardware --mode change --by 'S. Ahmadi' --why 'invoice seen'",
)
@click.argument("line_id")
@click.argument("cls", metavar="CLASS", type=click.Choice(CLASSES))
@click.option("--mode", type=click.Choice(MODES), default="unknown", show_default=True)
@click.option("--by", required=True, help="Who judges.")
@click.option("--why", required=True, help="On what ground.")
@pass_session
def judge_(session: Session, line_id: str, cls: str, mode: str, by: str, why: str) -> None:
    """Record a person's judgement of one line. It wins over every suggestion; what was judged before stays on record."""
    need_home(session)
    try:
        record = judge(home=session.home, line_id=line_id, cls=cls, mode=mode, by=by, why=why)
    except JudgementError as error:
        session.fail(str(error))
    if session.as_json:
        session.emit(record)
    else:
        session.say("Recorded.")
