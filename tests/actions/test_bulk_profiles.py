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


# As a site in German writes it whose report has both addresses: headers that stand there twice, rows cut short, and columns of the site's own.
SNIPE_GERMAN = """Firma,"Asset Name","Asset Tag",Modell,Modellnr.,Kategorie,Hersteller,Seriennummer,Kaufdatum,Kosten,EOL,Auftragsnummer,Lieferant,Standort,Adresse,Adresse,Stadt,Bundesland,Land,Postleitzahl,Standard-Standort,Adresse,Adresse,Stadt,Bundesland,Land,Postleitzahl,Typ,Abteilung,Status,Warranty,"Warranty Expires","Erstellt am",Notizen,"usage status"
Karaj,,"000101",Ultra 7,U7,Laptop,Firm,SN-1,2023-02-01,"90,000.00",,11,Shop,Hall,Street 1,,City,,IR,1,Store,,,,,,,user,سازمان فناوری,Active (deployed),,,2023-02-02 09:00:00,,
Karaj,,"000102",Phone X,,Smartphone,Firm,SN-2,,,,,,Store,,,,,,,,,,,,,,,,Stored (deployable)
"""
# The columns that a list of computers begins with, saved again by a spreadsheet that put names of its own above: no inventory number, no ID.
GLPI_LIST = """Column1;Column2;Column3;Column4;Column5;Column6;Column7;Column8
Name;Status;Manufacturers;Serial number;Types;Models;Operating System - Name;Locations
node-1;In use;HP;SX1;Rack Mount Chassis;DL360;"Debian
Ubuntu";Hall > Row 1
pc-2;Spare;Dell;SX2;Low Profile Desktop;7010;;Store
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


def test_exports_as_they_are_found_in_the_wild(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text(SNIPE_GERMAN, "utf-8")
    done = import_file(path=path, profile="snipe_it", by=cast.by)
    assert [problem.message() for problem in done.problems] == []
    laptop, phone = Asset.by_key("000101"), Asset.by_key("000102")
    assert (laptop.name, laptop.kind, laptop.unit, laptop.state, laptop.price) == (
        "Ultra 7", "computer", cast.unit, "in_use", 90_000,
    )  # fmt: skip
    assert (laptop.place, laptop.registered_on, laptop.document_no) == ("Hall", date(2023, 2, 2), "11")
    assert (phone.kind, phone.state, phone.serial) == ("phone", "in_stock", "SN-2")

    path.write_text(GLPI_LIST, "utf-8-sig")
    done = import_file(path=path, profile="glpi", by=cast.by)
    assert [problem.message() for problem in done.problems] == []
    node, spare = Asset.by_key("SX1"), Asset.by_key("SX2")
    assert (node.name, node.kind, node.model, node.place) == ("node-1", "server", "DL360", "Hall > Row 1")
    assert (spare.kind, spare.state) == ("computer", "in_stock")


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
