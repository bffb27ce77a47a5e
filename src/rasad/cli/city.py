"""`rasad new` and `rasad sample`: homes and sample files."""

from __future__ import annotations

from pathlib import Path

import click

from rasad.actions import cities
from rasad.cli.console import WRONG_USE, Session, pass_session
from rasad.sample import generate


@click.command(
    epilog="Example: rasad --home karaj new karaj --name-fa کرج --name-en Karaj --residents 2000000"
)
@click.argument("city")
@click.option("--name-fa", default="", help="Name in Persian.")
@click.option("--name-en", default="", help="Name in English.")
@click.option("--currency", default="IRR", show_default=True, help="ISO 4217 code.")
@click.option("--calendar", type=click.Choice(["jalali", "gregorian"]), default="jalali", show_default=True)
@click.option("--residents", type=click.IntRange(1), help="Number of residents, for figures per resident.")
@pass_session
def new(
    session: Session,
    city: str,
    name_fa: str,
    name_en: str,
    currency: str,
    calendar: str,
    residents: int | None,
) -> None:
    """Make a home for your own city, with a mapping to start from.

    CITY is a short name in small Latin letters.
    """
    if not city.isascii() or not city.isidentifier() or city != city.lower():
        session.fail(
            session.text("The short name takes small Latin letters and digits, for example karaj."),
            code=WRONG_USE,
        )
    try:
        cities.new_home(
            home=session.home,
            city=city,
            name_fa=name_fa or city,
            name_en=name_en or city.title(),
            currency=currency,
            calendar=calendar,
            residents=residents,
        )
    except FileExistsError as error:
        session.fail(
            session.text("There is a city here already: %(path)s", path=str(error.args[0])), code=WRONG_USE
        )
    mapping = session.home / "sources" / "payments.toml"
    if session.as_json:
        session.emit({"home": str(session.home), "mapping": str(mapping), "source": f"{city}.payments"})
        return
    session.say("The city's home: %(home)s", home=str(session.home))
    session.say("Say in %(mapping)s which column of your file is what, then:", mapping=str(mapping))
    session.out.print(f"  rasad --home {session.home} import {city}.payments FILE", markup=False)
    session.say("Or let Rasad look at your files and propose it:")
    session.out.print(
        f"  rasad source propose FILE… --id {city}.payments -o {mapping} --replace",
        markup=False,
        soft_wrap=True,
    )


@click.command(epilog="Example: rasad sample build/sample")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--seed", default=1403, show_default=True, help="The same seed gives the same files, byte for byte."
)
@click.option(
    "--payments", default=60_000, show_default=True, type=click.IntRange(2_000), help="How many payments."
)
@pass_session
def sample(session: Session, folder: Path, seed: int, payments: int) -> None:
    """Write the messy files of the sample city (نمونه‌شهر), as its offices would export them."""
    with session.progress() as progress:
        files = generate(folder, seed=seed, payments=payments, progress=progress)
    if session.as_json:
        session.emit({"files": [str(path) for path in files]})
        return
    for path in files:
        session.out.print(str(path), markup=False)
