"""The root of the command line, and how errors become messages and exit codes."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import click

from rasad.actions.workspace import WorkspaceError
from rasad.cli import end_at_once, listen
from rasad.cli.console import STOPPED, WRONG_INPUT, Session, default_language
from rasad.cli.groups import Commands
from rasad.ledger.problems import LedgerError

EPILOG = """\b
Examples:
  rasad demo                                   the sample city, end to end
  rasad --home karaj new karaj                 a home for your own city
  rasad --home karaj import karaj.payments payments-1403.xlsx
  rasad --home karaj release build
  rasad --home karaj portal

\b
Exit codes:
  0 done   1 the input is wrong   2 the command was used wrongly
  3 nothing to do (done before)   4 a check found differences
  5 a file says again what is loaded: say --replace or --add   130 stopped
"""


@click.group(
    cls=Commands,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    envvar="RASAD_HOME",
    default=Path("workspace"),
    show_default=True,
    help="Folder of the city's files.",
)
@click.option("--lang", type=click.Choice(["fa", "en"]), default=None, help="Language of messages.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
@click.version_option(package_name="rasad", message="%(prog)s %(version)s")
@click.pass_context
def rasad(context: click.Context, home: Path, lang: str | None, as_json: bool) -> None:
    """Rasad (رصد): follow a city's digital transformation from the money to the citizen."""
    # The command's libraries are read: from here on a Ctrl-C is to end in order.
    listen(to=end_at_once, by=signal.default_int_handler)
    context.obj = Session(home=home, lang=lang or default_language(), as_json=as_json)


def _refusals() -> tuple[type[LedgerError] | type[WorkspaceError], ...]:
    """Return the errors that end in their own message; a room that was never loaded has none to raise."""
    roadmap = sys.modules.get("rasad.roadmap.problem")
    return (LedgerError, WorkspaceError, *((roadmap.RoadmapError,) if roadmap else ()))


def _session(context: click.Context) -> Session:
    """Return the session, also where the command was not yet loaded."""
    lang = context.params.get("lang") or default_language()
    return context.obj or Session(home=Path(), lang=lang, as_json=False)


def main() -> None:
    """Run the command line; a wrong input ends in its message and exit code, never in a traceback."""
    try:
        with rasad.make_context("rasad", sys.argv[1:]) as context:
            session: Session | None = None
            try:
                rasad.invoke(context)
            except _refusals() as error:
                session = context.obj
                assert session is not None
                session.fail(error.message(session.text), code=getattr(error, "exit_code", WRONG_INPUT))
            except (KeyboardInterrupt, click.Abort):
                _session(context).say_stopped()
                sys.exit(STOPPED)
            except BrokenPipeError:
                # Whoever reads what is printed has read enough.
                sys.stderr.close()
                sys.exit(STOPPED)
            except OSError as error:
                # With it comes Polars, which most commands do without.
                from rasad.ledger.durable import reason

                place, why = error.filename or "", context.obj.text(reason(error))
                context.obj.fail(f"{place}: {why}" if place else why)
            except MemoryError:
                context.obj.fail(context.obj.text("There is not enough memory for this."))
            except Exception as error:
                from rasad.ledger import durable, phrases

                if not durable.says_full(error):
                    raise
                context.obj.fail(context.obj.text(phrases.DISK_FULL))
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("\n")
        sys.exit(STOPPED)
