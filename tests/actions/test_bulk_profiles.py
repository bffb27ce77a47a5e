"""Assets as GLPI and Snipe-IT export them: headers as in those programs' own sources, invented rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from register_cast import Cast

from rasad.actions.bulk import import_file, write_refused
from rasad.actions.bulk.profiles import profiles
from rasad.ledger.filled import Ways
from rasad.ledger.problems import FileError, MappingError
from rasad.ledger.profile import load_profile
from rasad.records.models import Asset
from rasad.records.tables import BY_NAME

pytestmark = pytest.mark.django_db

SNIPE = """Company,Asset Name,Asset Tag,Model,Model No.,Category,Manufacturer,Serial,Purchased,Cost,EOL,Order Number,Supplier,Location,Checked Out,Type,Department,Status,Warranty,Warranty Expires,Created At,Notes
Karaj,,A-001,PowerEdge R740,R740,Servers,Dell,S1,2021-05-02,"1,250,000.00",2026-05-02,402/5,Firm,Room 1,,,سازمان فناوری,Ready to Deploy (deployed),36,2024-05-02,2021-05-03 10:11:12,x
Karaj,Reception,A-002,ThinkPad,T14,Laptops,Lenovo,S2,2022-01-10,,36 months,,Firm,Room 2,Zahra,user,Unknown office,Ready to Deploy (deployable),,,2022-01-11 08:00:00,
Karaj,Gate,A-003,DS-2,2,CCTV,Hik,S3,,,,,,Gate,,,,Broken - Not Fixable (archived),,,,
Karaj,,,x,,Laptops,,,,,,,,,,,,Pending (pending),,,,
"""
GLPI = """"Name";"Entity";"Status";"Manufacturers";"Serial number";"Type";"Model";"Location";"Inventory number";"ID";"Financial and administrative information - Date of purchase";"Financial and administrative information - Value";"Financial and administrative information - Warranty expiration date"
"srv-01";"Root entity > 309";"In use";"HP";"CZ1";"Rack server";"DL380";"DC > Row 2";"INV-7";"12";"2020-03-04";"98500000.0000";"2023-03-04"
"sw-02";"Root entity > Elsewhere";"Stock";"Cisco";"CZ2";"Switch";"2960";"DC";"";"13";"";"";"Never"
"""


def test_the_packaged_profiles_speak_of_our_columns() -> None:
    found = profiles()
    assert set(found) >= {"glpi", "snipe_it"}
    for profile in found.values():
        table = BY_NAME[profile.noun].table
        assert {*profile.columns, *profile.constants} <= set(table.names)
        assert set(profile.needed) >= set(table.key)


def test_snipe_it(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "custom-assets-report.csv"
    path.write_text(SNIPE, "utf-8-sig")
    done = import_file(path=path, profile="snipe_it", by=cast.by, valid_only=True)
    assert [(one.row, one.column, one.code) for one in done.problems] == [(5, "Asset Tag", "required")]
    assert done.sheets[0].unmatched == {"unit": ["Karaj", "Unknown office"]}
    server, laptop, gate = Asset.objects.order_by("tag")
    assert (server.name, server.kind, server.state, server.unit) == (
        "PowerEdge R740",
        "server",
        "in_use",
        cast.unit,
    )
    assert (server.bought_on, server.price, server.document_no) == (date(2021, 5, 2), 1_250_000, "402/5")
    assert (server.end_of_life, server.warranty_until) == (date(2026, 5, 2), date(2024, 5, 2))
    assert (server.registered_on, server.source) == (date(2021, 5, 3), "Snipe-IT")
    assert (laptop.name, laptop.kind, laptop.state, laptop.unit, laptop.end_of_life) == (
        "Reception", "computer", "in_stock", None, None,
    )  # fmt: skip
    assert (gate.kind, gate.state) == ("camera", "retired")
    # Loaded again, nothing changes; a refused row comes back in its own columns and loads by the same profile.
    again = import_file(path=path, profile="snipe_it", by=cast.by, valid_only=True)
    assert (again.written, again.count("unchanged")) == (False, 3)
    back = tmp_path / "back.xlsx"
    write_refused(done=done, path=back)
    assert [one.code for one in import_file(path=back, profile="snipe_it", by=cast.by).problems] == [
        "required"
    ]


def test_glpi(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "glpi.csv"
    path.write_text(GLPI, "utf-8-sig")
    done = import_file(path=path, profile="glpi", by=cast.by, ways=Ways())
    assert [problem.message() for problem in done.problems] == []
    assert done.sheets[0].unknown == ("Manufacturers",)
    server, switch = Asset.by_key("INV-7"), Asset.by_key("glpi-13")
    assert (server.tag, server.unit, server.kind, server.state, server.price) == (
        "INV-7", cast.unit, "server", "in_use", 98_500_000,
    )  # fmt: skip
    assert (server.place, server.warranty_until) == ("DC > Row 2", date(2023, 3, 4))
    assert (switch.tag, switch.kind, switch.state, switch.warranty_until) == (
        "glpi-13",
        "network",
        "in_stock",
        None,
    )


def test_a_city_can_have_its_own(cast: Cast, tmp_path: Path, settings: object) -> None:
    folder = tmp_path / "profiles"
    folder.mkdir()
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    own = 'id = "own"\nnoun = "asset"\nneeded = ["tag"]\ndecimal = ","\norder = "dmy"\n[columns]\ntag.places = [{ names = ["شماره اموال"] }]\nname.places = [{ names = ["شرح"] }]\nprice.places = [{ names = ["بها"] }]\nbought_on.places = [{ names = ["خرید"] }]\n'
    (folder / "own.toml").write_text(own, "utf-8")
    path = tmp_path / "list.csv"
    path.write_text("فهرست اموال;;;\nشرح;شماره اموال;بها;خرید\nمیز;۱۲;1.250,50;03/04/2021\n", "utf-8")
    import_file(path=path, profile="own", by=cast.by, ways=Ways(minor_digits=2, calendar="gregorian"))
    asset = Asset.objects.get()
    assert (asset.tag, asset.price, asset.bought_on) == ("12", 125_050, date(2021, 4, 3))
    with pytest.raises(FileError) as error:
        import_file(path=path, profile="glpi", by=cast.by)
    assert error.value.problem.code == "header"
    (folder / "own.toml").write_text(own.replace("needed", "neded"), "utf-8")
    with pytest.raises(MappingError) as wrong:
        load_profile(folder / "own.toml")
    assert wrong.value.problem.column == "needed"
