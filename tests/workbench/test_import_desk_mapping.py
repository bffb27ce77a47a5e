"""Putting a mapping right in its form: columns, figures, years; of a new source and of one that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_files import FIRST, HEADER, SOURCE, hand_in, make_city, work
from django.test import Client

from rasad.actions import cities, jobs
from rasad.ledger.batches import receipts
from rasad.ledger.mapping import load_mapping
from rasad.records.models import AuditEvent, Upload

pytestmark = pytest.mark.django_db

UNKNOWN = "سال مالی ۱۴۰۳\nکد,شرح,مصوب,پرداختی,تاریخ\n" + "".join(
    f"10{n},خرید {n},{n}.000,{n}50,1403/02/{n:02}\n" for n in range(1, 9)
)


@pytest.fixture(autouse=True)
def no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "BEAT", 3600.0)


@pytest.fixture
def finance(sign_in: Any) -> Client:
    """A finance officer's browser."""
    return sign_in("finance")


def come_in(client: Client, name: str, content: str) -> Upload:
    got = hand_in(client, name, content)
    return Upload.objects.get(pk=got["Location"].rstrip("/").rpartition("/")[2])


def filled(form: Any) -> dict[str, Any]:
    """Return what a browser would send of a form as it stands."""
    values = {name: form[name].value() for name in form.fields}
    return {name: one for name, one in values.items() if one is not None and one is not False and one != ""}


def form_of(client: Client, upload: Upload, query: str = "") -> tuple[Any, dict[str, Any]]:
    """Return the form's page and what a browser would send of it as it stands."""
    got = client.get(f"/en/imports/{upload.pk}/mapping/{query}")
    assert got.status_code == 200
    return got, {
        **filled(got.context["form"]),
        "stamp": got.context["stamp"],
        "source": got.context["source"],
    }


def send(client: Client, upload: Upload, sent: dict[str, Any]) -> Any:
    got = client.post(f"/en/imports/{upload.pk}/mapping/", sent)
    upload.refresh_from_db()
    return got


def test_what_is_doubtful_is_marked_where_it_is_and_settled_once_changed(
    finance: Client, tmp_path: Path
) -> None:
    make_city(tmp_path, source=False)
    upload = come_in(finance, "budget.csv", UNKNOWN)
    shown, sent = form_of(finance, upload)
    assert shown.context["doubts"].keys() >= {"scale", "decimal"}
    assert shown.content.decode().count('class="doubt"') == shown.context["doubt_count"]
    assert [row.samples[0] for row in shown.context["rows"]] == [
        "101",
        "خرید 1",
        "1.000",
        "150",
        "1403/02/01",
    ]

    got = send(finance, upload, {**sent, "scale": "million_rial", "again": "1"})
    assert got["Location"] == f"/en/imports/{upload.pk}/mapping/"
    assert "scale" not in finance.get(got["Location"]).context["doubts"]
    assert upload.plan["trial"]["receipt"]["amounts"][0]["stored"] == 36_000 * 10**6


def test_a_sources_mapping_is_put_right_with_no_file_at_hand_and_keeps_its_versions(
    finance: Client, sign_in: Any, tmp_path: Path
) -> None:
    home = make_city(tmp_path)
    at = "/en/imports/sources/karaj.payments/"
    got = finance.get(at + "mapping/")
    # No file came yet: the columns are those that the mapping names.
    assert [row.name for row in got.context["rows"]] == [
        "تاریخ",
        "شماره سند",
        "شرح",
        "طرف قرارداد",
        "مبلغ (ریال)",
    ]
    sent = filled(got.context["form"]) | {"seen": "1", "scale": "toman"}
    refused = finance.post(at + "mapping/", sent)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert finance.post(at + "mapping/", {**sent, "why": "به تومان است"})["Location"] == at
    assert load_mapping(cities.sources(home)["karaj.payments"]).numbers.scale == "toman"
    # Another who looked at the version before is told.
    late = sign_in("data").post(at + "mapping/", {**sent, "scale": "rial", "why": "نه"})
    assert "changed meanwhile" in late.content.decode()

    # With a file that was loaded, its first rows are shown, and the mapping is tried on it before it is saved.
    hand_in(finance, "payments.csv", FIRST)
    upload = Upload.objects.get()
    finance.post(f"/en/imports/{upload.pk}/load/", {})
    assert work() == 1
    got = finance.get(at + "mapping/")
    assert got.context["rows"][0].samples
    sent = filled(got.context["form"]) | {"seen": "2", "scale": "rial"}
    tried = finance.post(at + "mapping/", {**sent, "try": "1"})
    assert tried.status_code == 200
    assert tried.context["trial"]["receipt"]["fiscal_years"] == [1403]
    assert load_mapping(cities.sources(home)["karaj.payments"]).version == 2
    assert finance.post(at + "mapping/", {**sent, "why": "ریال بود"}).status_code == 302
    newest, before = finance.get(at).context["versions"]
    assert (newest.number, newest.why, before.number) == (3, "ریال بود", 2)
    assert newest.changed == [("-", 'numbers.scale = "toman"'), ("+", 'numbers.scale = "rial"')]
    assert finance.get("/en/imports/sources/nothing/").status_code == 404


def test_columns_figures_and_years_are_put_right_and_become_a_source(finance: Client, tmp_path: Path) -> None:
    home = make_city(tmp_path, source=False)
    upload = come_in(finance, "budget.csv", UNKNOWN)
    _, sent = form_of(finance, upload)
    right = {
        **sent,
        "id": "karaj.execution",
        "title_en": "Execution",
        "c0": "column:economic_code",
        "c1": "column:title",
        "c2": "amount:final",
        "c3": "amount:paid",
        "c4": "",
        "decimal": "plain",
        "scale": "thousand_rial",
        "year_from": "parameter",
        "year": "۱۴۰۳",
        "spare_column": "1",
        "spare_meaning": "column:economic",
        "person_names": "^آقای ",
        "book": "budget",
    }
    assert send(finance, upload, right).status_code == 302, "nothing is wrong"
    receipt = upload.plan["trial"]["receipt"]
    assert [(one["stage"], one["stored"]) for one in receipt["amounts"]] == [
        ("final", 36_000),
        ("paid", 3_600_000 + 400_000),
    ]
    assert receipt["fiscal_years"] == [1403]
    assert upload.plan["params"] == {"fiscal_year": "1403"}

    finance.post(f"/en/imports/{upload.pk}/load/", {})
    assert work() == 1
    mapping = load_mapping(cities.sources(home)["karaj.execution"])
    assert mapping.columns["economic"].names == mapping.columns["title"].names == ("شرح",)
    assert mapping.persons.name_patterns == ("^آقای",)
    assert (mapping.numbers.thousands, mapping.fiscal_year.source) == ((), "parameter")
    assert receipts(home)[0].source == "karaj.execution"


WRONG: list[tuple[dict[str, str], str, str]] = [
    ({"c2": "column:title"}, "c2", "means the same already"),
    ({"c2": "", "c3": ""}, "__all__", "No column is an amount"),
    ({"c2": "amount:paid", "c3": "amount:final", "c0": "minus"}, "c0", "exactly one amount"),
    ({"year_from": "column"}, "year_from", "No column is the fiscal year."),
    ({"year_from": "path"}, "year_pattern", "Say where in the name the year stands."),
    ({"year_from": "path", "year_pattern": "[0-9]{4}"}, "year_pattern", "needs a group"),
    ({"year_from": "value", "year": "سال"}, "year", "is no year"),
    ({"id": "Karaj Payments"}, "id", "is no name of a source"),
    ({"person_names": "(?<=a)b"}, "person_names", "is no pattern"),
    ({"currency": "rial"}, "currency", "Enter a valid value"),
    ({"table": "contract"}, "c2", "Choose again"),
    ({"c2": "column:nothing"}, "c2", "Choose again"),
]


def test_what_cannot_stand_is_said_at_its_field(finance: Client, tmp_path: Path) -> None:
    make_city(tmp_path, source=False)
    upload = come_in(finance, "budget.csv", UNKNOWN)
    _, sent = form_of(finance, upload)
    stamp = upload.plan["stamp"]
    right = {**sent, "c1": "column:title", "c2": "amount:final", "c3": "amount:paid"}
    for wrong, field, said in WRONG:
        got = send(finance, upload, {**right, **wrong})
        assert got.status_code == 422, wrong
        assert said in " ".join(got.context["form"].errors[field]), wrong
        assert upload.plan["stamp"] == stamp, "nothing was changed"
    # One amount, and what is subtracted from it.
    assert send(finance, upload, {**right, "c2": "minus"}).status_code == 302
    (amount,) = upload.plan["choice"]["data"]["amounts"]
    assert (amount["names"], amount["minus"]["names"]) == (["پرداختی"], ["مصوب"])


def test_a_renamed_column_becomes_the_next_version_of_the_source(finance: Client, tmp_path: Path) -> None:
    home = make_city(tmp_path)
    renamed = HEADER.replace("طرف قرارداد", "نام فروشنده") + "1404/01/05,1,خرید رایانه,شرکت الف,1200\n"
    upload = come_in(finance, "payments-1404.csv", renamed)
    assert "data" in upload.plan["choice"], "no source fits as it is"
    page = finance.get(f"/en/imports/{upload.pk}/")
    (near,) = page.context["options"]
    assert (near["source"], near["missing"]) == ("karaj.payments", ["طرف قرارداد"])

    shown, sent = form_of(finance, upload, "?source=karaj.payments")
    assert [str(one.label) for one in shown.context["lacking"]] == ["Supplier name: طرف قرارداد"]
    assert send(finance, upload, {**sent, "c3": "column:supplier_name"}).status_code == 302
    assert upload.plan["trial"]["receipt"]["rows"]["stored"] == 1
    finance.post(f"/en/imports/{upload.pk}/load/", {"why": "the office renamed it"})
    assert work() == 1
    mapping = load_mapping(cities.sources(home)["karaj.payments"])
    assert (mapping.version, mapping.columns["supplier_name"].names) == (2, ("نام فروشنده", "طرف قرارداد"))
    assert mapping.title_fa == "پرداخت‌ها"
    event = AuditEvent.objects.get(noun="source")
    assert (event.action, event.after["version"], event.why) == ("source.change", 2, "the office renamed it")
    # Last year's files are read as before.
    old = come_in(finance, "payments-1403.csv", HEADER + "1403/01/05,1,چاپ,شرکت ب,70\n")
    assert old.plan["choice"] == {"source": "karaj.payments"}
    assert old.plan["trial"]["receipt"]["amounts"][0]["stored"] == 70


def test_a_mapping_that_somebody_changed_meanwhile_is_not_overwritten(
    finance: Client, tmp_path: Path
) -> None:
    home = make_city(tmp_path)
    upload = come_in(finance, "payments.csv", HEADER + "1404/01/05,1,خرید رایانه,شرکت الف,1200\n")
    _, sent = form_of(finance, upload, "?source=karaj.payments")
    send(finance, upload, {**sent, "scale": "toman"})
    path = cities.sources(home)["karaj.payments"]
    path.write_text("version = 2\n" + SOURCE.replace('scale = "rial"', 'scale = "million_rial"'), "utf-8")
    got = finance.post(f"/en/imports/{upload.pk}/load/", {}, follow=True)
    assert "its mapping was changed meanwhile" in got.content.decode()
    assert work() == 0
    assert load_mapping(path).numbers.scale == "million_rial"


def test_a_budget_tree_and_what_the_form_does_not_speak_of_stay(finance: Client, tmp_path: Path) -> None:
    home = make_city(tmp_path)
    path = cities.sources(home)["karaj.payments"]
    more = '\n[[set_aside]]\ncolumn = "title"\npattern = "باطل"\nreason = "other"\n'
    path.write_text(
        SOURCE.replace('title = { names = ["شرح"] }', 'title = { names = ["شرح"], pattern = "(.*)" }') + more,
        "utf-8",
    )
    upload = come_in(finance, "payments.csv", HEADER + "1404/01/05,1,خرید رایانه,شرکت الف,1200\n")
    _, sent = form_of(finance, upload, "?source=karaj.payments")
    assert send(finance, upload, {**sent, "title_en": "Paid"}).status_code == 302
    data = upload.plan["choice"]["data"]
    assert data["columns"]["title"] == {"names": ["شرح"], "pattern": "(.*)"}
    assert data["set_aside"] == [{"column": "title", "pattern": "باطل", "reason": "other"}]
    assert data["identity"] == {"columns": ["document_no"]}
    assert (data["version"], data["title_en"]) == (2, "Paid")


def test_a_mapping_that_cannot_be_read_is_said_where_it_is_used_and_written_over_by_none(
    finance: Client, tmp_path: Path
) -> None:
    home = make_city(tmp_path)
    broken = home / "sources" / "karaj_execution.toml"
    broken.write_text('id = "karaj.execution\n', "utf-8")
    assert finance.get("/en/imports/").status_code == 200
    rows = {one["source"]: one["state"] for one in finance.get("/en/imports/sources/").context["table"].rows}
    assert rows["karaj.payments"] == "nothing loaded yet"
    assert "expected TOML in UTF-8" in rows["karaj_execution"]

    upload = come_in(finance, "budget.csv", UNKNOWN)
    page, sent = form_of(finance, upload, "?source=karaj_execution")
    assert "expected TOML in UTF-8" in page.content.decode()
    send(finance, upload, {**sent, "id": "karaj.execution", "year_from": "parameter", "year": "1403"})
    got = finance.post(f"/en/imports/{upload.pk}/load/", {}, follow=True)
    assert "karaj_execution.toml is there and cannot be read" in got.content.decode()
    assert (work(), broken.read_text("utf-8")) == (0, 'id = "karaj.execution\n')
