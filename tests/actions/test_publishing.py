"""Publishing: records leave for a release as declared, what would change is shown first, and the trail says who made it live."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from rasad.actions import publishing
from rasad.actions.batches import import_file
from rasad.actions.cities import new_home
from rasad.actions.releases import build_release
from rasad.ledger.mapping import parse_mapping
from rasad.records.changes import changing
from rasad.records.models import Account, AllocationRule, AuditEvent, Grant, Post, Project, Unit
from rasad.release.manifest import live_number
from rasad.release.reader import Filters, open_release
from rasad.release.verify import verify
from rasad.web.workbench.views.releases import table_name

MAPPING = parse_mapping(
    {
        "id": "abad.payments",
        "fiscal_year": {"from": "value", "value": 1403},
        "columns": {
            "title": {"names": ["شرح"]},
            "supplier_name": {"names": ["طرف"]},
            "programme_code": {"names": ["برنامه"]},
        },
        "amounts": [{"stage": "paid", "names": ["مبلغ"]}],
    },
    "abad",
)


@pytest.fixture
def officer(db: None) -> Account:
    found = Account.objects.create_user("data@example.org", "a long enough password", name="مریم")
    with changing(by=None, action="grant.grant") as change:
        change.add(Grant(account=found, role="data", since=date(2024, 3, 20)))
    return found


@pytest.fixture
def home(tmp_path: Path, officer: Account, settings: object) -> Path:
    """A small city: two payments, a project, a rule; its first release is live."""
    home = new_home(
        home=tmp_path / "abad",
        city="abad",
        name_fa="آباد",
        name_en="Abad",
        currency="IRR",
        calendar="jalali",
        residents=100,
    )
    settings.HOME = home  # type: ignore[attr-defined]
    load(home, "first.csv", ("خرید سرور", "شرکت یک", "6001", 900), ("آسفالت", "شرکت دو", "2001", 100))
    with changing(by=officer, action="project.add", why="beginning") as change:
        unit = change.add(Unit(code="309", name="سازمان فناوری"))
        change.add(Post(unit=unit, title="مدیر", holder="نام کسی", valid_from=date(2024, 3, 20)))
        change.add(Project(code="p1", title="مرکز داده", unit=unit, status="running"))
        change.add(
            AllocationRule(
                code="r1",
                number=1,
                title="برنامه",
                state="in_force",
                conditions={"programmes": ["6001"]},
                parts=[{"project": "p1", "share_bp": 7500}],
            )
        )
    build_release(home=home, records=True)
    return home


def load(home: Path, name: str, *rows: tuple[str, str, str, int]) -> None:
    text = "شرح,طرف,برنامه,مبلغ\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    (home / name).write_text(text, "utf-8")
    import_file(home=home, mapping=MAPPING, path=home / name)


def table(release: Path, name: str) -> list[dict[str, str]]:
    with (release / f"data/{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_records_leave_as_declared(home: Path) -> None:
    release = home / "releases/0001"
    assert verify(release) == []
    assert [row["code"] for row in table(release, "project")] == ["p1"]
    assert "holder" not in table(release, "post")[0]
    assert "نام کسی" not in (release / "data/post.csv").read_text("utf-8")
    parts = {(row["project"], int(row["amount"])) for row in table(release, "allocation")}
    assert parts == {("p1", 675), ("", 225), ("", 100)}
    labels = {(row["table"], row["column"], row["code"]): row for row in table(release, "label")}
    assert labels["project", "status", "running"]["fa"] != labels["project", "status", "running"]["en"]
    opened = open_release(release)
    money = opened.records.money(opened.settled(Filters(year=1403, stage="paid")))
    assert money == {"p1": (675, 1), "": (325, 2)}
    opened.close()


def test_what_would_change_is_shown_and_nobody_reads_it_yet(home: Path, officer: Account) -> None:
    load(home, "second.csv", ("سامانه", "شرکت سه", "6001", 50))
    with changing(by=officer, action="project.add") as change:
        change.add(Project(code="p2", title="میز خدمت", unit=Unit.by_key("309")))
    build_release(home=home, publish=False, records=True)
    assert live_number(home / "releases") == 1
    found = publishing.preview(home=home, number=2)
    assert found is not None
    assert found.changes is not None
    tables = {one.table: one for one in found.changes.tables()}
    assert (tables["line"].added, tables["project"].added, tables["project"].gone) == (1, 1, 0)
    total = found.changes.totals()[0]
    assert (total.before, total.after) == (1000, 1050)
    names = {one.table: one for one in found.names}
    assert names["project"].appear == ("میز خدمت",)
    assert names["supplier"].appear == ("شرکت سه",)
    assert names["project"].vanish_count == 0
    # Every table is called by what it is, in both languages.
    for lang in ("en", "fa"):
        with translation.override(lang):
            assert [name for name in found.built.rows if "_" in table_name(name)] == []


def test_publishing_moves_the_pointer_and_stands_on_the_trail(home: Path, officer: Account) -> None:
    build_release(home=home, publish=False, records=True)
    found = publishing.preview(home=home, number=2)
    assert found is not None
    with pytest.raises(ValidationError):
        publishing.publish(home=home, number=2, expected="another", by=officer, why="because")
    with pytest.raises(ValidationError):
        publishing.publish(home=home, number=2, expected=found.built.hash, by=officer, why=" ")
    assert live_number(home / "releases") == 1
    publishing.publish(home=home, number=2, expected=found.built.hash, by=officer, why="monthly")
    assert live_number(home / "releases") == 2
    event = AuditEvent.objects.get(action="release.publish")
    assert (event.record_key, event.account, event.why) == ("0002", officer, "monthly")
    assert event.after == {"hash": found.built.hash, "live_before": 1}


def test_only_a_data_officer_publishes(home: Path, officer: Account) -> None:
    build_release(home=home, publish=False, records=True)
    client = Client()
    member = Account.objects.create_user("member@example.org", "a long enough password", name="رضا")
    with changing(by=None, action="grant.grant") as change:
        change.add(Grant(account=member, role="member", since=date(2024, 3, 20)))
    client.force_login(member)
    page = client.get("/en/releases/2/")
    assert page.status_code == 200
    assert "Make it live" not in page.content.decode()
    assert client.post("/en/releases/2/", {"why": "x"}).status_code == 403
    client.force_login(officer)
    page = client.get("/fa/releases/2/")
    digest = publishing.releases(home)[0].hash
    assert f'value="{digest}"' in page.content.decode()
    assert client.get("/en/releases/").status_code == 200
    assert client.get("/en/releases/9/").status_code == 404
    assert client.post("/en/releases/2/", {"hash": digest, "why": "monthly"}).status_code == 302
    assert live_number(home / "releases") == 2
