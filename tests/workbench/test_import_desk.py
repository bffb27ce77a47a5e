"""The import desk: a file comes in, is looked at, is put right, is loaded, and its rejected rows come back."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from desk_cast import make_account
from desk_files import FIRST, HEADER, NEWER, hand_in, make_city, work, workbook
from django.test import Client
from django.utils import timezone

from rasad.actions import cities, imports, jobs, loading
from rasad.ledger.batches import Receipt, all_receipts, receipts
from rasad.ledger.mapping import load_mapping
from rasad.records.models import AuditEvent, Job, Upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    # Writing a sign of life takes a connection of its own, which does not see the test's transaction.
    monkeypatch.setattr(jobs, "BEAT", 3600.0)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A city with one source."""
    return make_city(tmp_path)


@pytest.fixture
def finance(sign_in: Any) -> Client:
    """A finance officer's browser."""
    return sign_in("finance")


def file_of(answer: Any) -> Upload:
    assert answer.status_code == 302, answer.content.decode()[:500]
    return Upload.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def page(client: Client, upload: Upload, lang: str = "en") -> Any:
    got = client.get(f"/{lang}/imports/{upload.pk}/")
    assert got.status_code == 200
    return got


def load(client: Client, upload: Upload, **sent: str) -> Receipt:
    """Ask for the file to be loaded, do the work, and return the receipt of its batch."""
    got = client.post(f"/en/imports/{upload.pk}/load/", sent)
    assert got.status_code == 302
    assert work() == 1, [str(m) for m in client.get("/en/imports/").context["messages"]]
    upload.refresh_from_db()
    assert upload.plan["state"] == "loaded", Job.objects.latest("created_at").error
    return next(one for one in all_receipts(_home(client)) if one.batch == upload.plan["batch"])


def _home(client: Client) -> Path:
    from django.conf import settings

    return Path(settings.HOME)


def test_a_file_of_a_known_source_goes_from_the_desk_into_the_ledger(finance: Client, home: Path) -> None:
    upload = file_of(hand_in(finance, "pay/ments 1403.csv", FIRST))
    assert upload.name == "ments 1403.csv"
    kept = home / "uploads" / upload.sha256[:2] / upload.sha256 / upload.name
    assert kept.read_text("utf-8") == FIRST
    assert kept.stat().st_mode & 0o177 == 0, "readable by its owner alone, and executable by nobody"

    shown = page(finance, upload)
    receipt = shown.context["trial"]["receipt"]
    assert upload.plan["choice"] == {"source": "karaj.payments"}
    assert receipt["rows"] == {"in": 6, "stored": 3, "set_aside": 1, "quarantined": 2}
    text = shown.content.decode()
    assert "91,550,000" in text, "stored, to the rial"
    assert "7,000" in text, "the amount of the row with no date is counted in the quarantine"
    assert "سیصد هزار" in text
    assert "1403/13/40" in text
    assert receipts(home) == [], "nothing was written"

    loaded = load(finance, upload, why="month one")
    assert loaded.rows == receipt["rows"]
    assert [one.in_ for one in loaded.amounts] == [
        one.stored + one.set_aside + one.quarantined for one in loaded.amounts
    ]
    event = AuditEvent.objects.get(noun="batch")
    assert (event.action, event.record_key, event.why) == ("batch.import", loaded.batch, "month one")
    assert event.account is not None
    assert event.after["rows_quarantined"] == 2
    assert "To its batch" in page(finance, upload).content.decode()
    assert "taken in from a file" in finance.get(f"/en/imports/batches/{loaded.batch}/").content.decode()


def test_what_a_workbook_hides_is_told_before_it_is_loaded_and_on_its_batchs_page(
    finance: Client, home: Path
) -> None:
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        sheet = book.add_worksheet("پرداخت")
        for number, row in enumerate(csv.reader(io.StringIO(NEWER))):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})
        book.add_worksheet("کهنه").hide()
    upload = file_of(hand_in(finance, "payments.xlsx", into.getvalue()))
    said = ["پرداخت: hidden rows are read like all others", "the first: C (شرح))", "کهنه (hidden)"]
    before = page(finance, upload).content.decode()
    assert all(one in before for one in said), before
    assert "ردیف‌های پنهان" in page(finance, upload, "fa").content.decode()
    batch = load(finance, upload).batch
    after = finance.get(f"/en/imports/batches/{batch}/").content.decode()
    assert all(one in after for one in said), after


def test_problems_are_said_with_their_place_in_the_readers_language(finance: Client, home: Path) -> None:
    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    rows = page(finance, upload).context["problems"].rows
    assert [(one["row"], one["column"], one["found"]) for one in rows] == [
        (4, "مبلغ (ریال)", "سیصد هزار"),
        (5, "تاریخ", "1403/13/40"),
    ]
    assert all(one["expected"] for one in rows)
    persian = page(finance, upload, "fa").context["problems"].rows
    assert [(one["what"], one["expected"]) for one in persian] == [
        ("مبلغ عدد نیست", "رقمی مانند ۱۲٬۳۴۵"),
        ("تاریخی از این تقویم نیست", "ماهی از ۱ تا ۱۲"),
    ]


def test_rejected_rows_go_out_and_come_back_put_right(finance: Client, home: Path) -> None:
    first = load(finance, file_of(hand_in(finance, "payments.csv", FIRST)))
    out = finance.get(f"/en/imports/batches/{first.batch}/quarantine.csv")
    assert out["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(out.content.decode("utf-8-sig"))))
    assert rows[0][:5] == ["rasad_batch", "rasad_file", "rasad_sheet", "rasad_row", "rasad_problems"]
    assert [row[3] for row in rows[1:]] == ["4", "5"]
    assert "سیصد هزار" in rows[1][4]
    assert finance.get(f"/fa/imports/batches/{first.batch}/quarantine.xlsx").content[:2] == b"PK"

    right = out.content.decode("utf-8-sig").replace(",سیصد هزار", ",300000", 1)
    right = right[::-1].replace("سیصد هزار"[::-1], "300000"[::-1], 1)[::-1]
    upload = file_of(hand_in(finance, "quarantine.csv", right))
    assert upload.plan["kind"] == "put_right"
    assert first.batch in page(finance, upload).content.decode()
    second = load(finance, upload, why="asked the office")
    assert second.supersedes == [first.batch]
    assert second.rows == {"in": 6, "stored": 4, "set_aside": 1, "quarantined": 1}
    event = AuditEvent.objects.get(action="batch.put_right")
    said = event.after
    assert (said["put_right"], said["rows_quarantined"], said["replaces"]) == (1, 1, first.batch)
    old = finance.get(f"/en/imports/batches/{first.batch}/").content.decode()
    assert "This batch counts no more." in old


def test_a_newer_export_says_what_differs_before_it_is_accepted(finance: Client, home: Path) -> None:
    first = load(finance, file_of(hand_in(finance, "payments.csv", FIRST)))
    upload = file_of(hand_in(finance, "payments.csv", NEWER))
    shown = page(finance, upload)
    assert shown.context["again"] == [first.batch]
    assert [one.number for one in shown.context["difference_stats"]] == [1, 1, 2, 1]
    (sums,) = shown.context["difference_sums"].rows
    assert sums["old"] + sums["added"] + sums["changed"] + sums["gone"] == sums["new"] == 91_550_500
    assert {row["what"] for row in shown.context["differing"].rows} == {"Changed", "New", "Gone"}

    refused = finance.post(f"/en/imports/{upload.pk}/load/", {}, follow=True)
    assert "Say whether it replaces that" in refused.content.decode()
    assert Job.objects.filter(state="waiting").count() == 0
    second = load(finance, upload, how="replace")
    assert second.supersedes == [first.batch]
    left = finance.get(f"/en/imports/batches/{second.batch}/").context["left"]
    assert {str(how): count for how, count in left} == {
        "changed": 1,
        "gone": 1,
        "unchanged under another id": 1,
    }


def test_what_somebody_else_loaded_meanwhile_is_not_replaced_unseen(finance: Client, home: Path) -> None:
    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    other = load(finance, file_of(hand_in(finance, "other.csv", HEADER + "1404/02/01,9,چاپ,شرکت ج,10\n")))
    assert finance.post(f"/en/imports/{upload.pk}/load/", {}).status_code == 302
    assert work() == 1
    # Work speaks the language of whoever asked for it.
    assert "در این میان کسی پرونده‌ای" in page(finance, upload).content.decode()
    assert [one.batch for one in receipts(home)] == [other.batch]
    # Looked at again, it is loaded.
    finance.post(f"/en/imports/{upload.pk}/again/")
    upload.refresh_from_db()
    load(finance, upload)
    assert len(receipts(home)) == 2


def test_two_people_at_one_file_do_not_overwrite_each_other(
    finance: Client, sign_in: Any, home: Path
) -> None:
    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    stamp = upload.plan["stamp"]
    finance.post(f"/en/imports/{upload.pk}/", {"source": "karaj.payments", "stamp": stamp})
    late = sign_in("data").post(f"/en/imports/{upload.pk}/load/", {"stamp": stamp}, follow=True)
    assert "Somebody else works on this file" in late.content.decode()
    assert not Job.objects.exists()


def test_the_very_same_file_is_known(finance: Client, home: Path) -> None:
    batch = load(finance, file_of(hand_in(finance, "payments.csv", FIRST))).batch
    again = file_of(hand_in(finance, "payments.csv", FIRST))
    assert again.plan["already"] == batch
    assert "loaded already" in page(finance, again).content.decode()
    finance.post(f"/en/imports/{again.pk}/drop/")
    again.refresh_from_db()
    assert again.plan == {"state": "dropped", "stamp": again.plan["stamp"]}
    assert finance.get(f"/en/imports/{again.pk}/").status_code == 404
    # The bytes stay: the batch's own file has them.
    assert (home / "uploads" / again.sha256[:2] / again.sha256 / again.name).exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "page.xls",
            b"<html><p>Log in</p></html>",
            "a web page without a table",
        ),
        ("paper.pdf", b"%PDF-1.7 nothing", "no table but PDF"),
        ("broken.zip", b"PK\x03\x04 nothing of a kind", "the file is damaged"),
    ],
)
def test_a_file_that_is_no_table_is_said_to_be_none(
    finance: Client, home: Path, name: str, content: bytes, said: str
) -> None:
    upload = file_of(hand_in(finance, name, content))
    text = page(finance, upload).content.decode()
    assert said in text
    assert name in text
    assert "Load it" not in text
    assert finance.post(f"/en/imports/{upload.pk}/load/").status_code == 302
    assert not Job.objects.exists()


def test_several_files_come_in_at_once_and_an_empty_one_is_named(finance: Client, home: Path) -> None:
    got = hand_in(finance, "a.csv", FIRST, ("b.csv", NEWER.encode()), ("none.csv", b""))
    assert got["Location"] == "/en/imports/"
    desk = finance.get("/en/imports/")
    assert {row["file"] for row in desk.context["waiting"].rows} == {"a.csv", "b.csv"}
    assert any("none.csv: The file is empty." in str(one) for one in desk.context["messages"])
    cards = {card.matter.name: card.count for card in finance.get("/en/").context["waiting"]}
    assert cards["files-on-the-desk"] == 2


def test_what_is_too_large_is_refused_before_it_is_read(sign_in: Any, home: Path, monkeypatch: Any) -> None:
    from rasad.web.workbench import uploading

    for ability in uploading.TAKES_FILES:
        monkeypatch.setitem(uploading.TAKES_FILES, ability, 2_000)
    got = hand_in(sign_in("finance"), "large.csv", "x" * 3_000)
    assert got.status_code == 400
    assert "larger than" in got.content.decode()
    # Whoever takes no files in may send next to nothing, wherever it is sent.
    monkeypatch.setattr(uploading, "OF_ANYBODY", 500)
    member = Client(enforce_csrf_checks=True)
    member.force_login(make_account("member"))
    member.cookies["csrftoken"] = "a" * 32
    assert hand_in(member, "small.csv", "x" * 1_000).status_code == 400
    assert not (home / "uploads").exists()


def test_an_auditor_reads_and_changes_nothing(finance: Client, sign_in: Any, home: Path) -> None:
    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    auditor = sign_in("auditor")
    text = page(auditor, upload).content.decode()
    assert "What loading it would do" in text
    assert "<form" not in text.partition("<main")[2].partition("</main>")[0]
    assert auditor.post(f"/en/imports/{upload.pk}/load/").status_code == 403
    assert hand_in(auditor, "b.csv", FIRST).status_code == 403


def test_lists_of_sources_and_batches(finance: Client, home: Path) -> None:
    rows = finance.get("/en/imports/sources/").context["table"].rows
    assert [(one["source"], one["state"]) for one in rows] == [("karaj.payments", "nothing loaded yet")]
    batch = load(finance, file_of(hand_in(finance, "payments.csv", FIRST)))
    (row,) = finance.get("/en/imports/sources/").context["table"].rows
    assert (row["title"], row["batches"], row["lines"], row["quarantined"], row["state"]) == (
        "Payments", 1, batch.lines, 2, "rows to be put right",
    )  # fmt: skip
    page = finance.get(row["url"])
    assert [one["file"] for one in page.context["latest"].rows] == ["payments.csv"]
    assert [one["file"] for one in finance.get(page.context["batches_url"]).context["table"].rows] == [
        "payments.csv"
    ]
    cards = {card.matter.name: card.count for card in finance.get("/en/").context["waiting"]}
    assert cards["rows-in-quarantine"] == 1
    assert finance.get("/en/waiting/rows-in-quarantine/").context["table"].rows[0]["rows"] == 2


def test_a_trial_that_broke_off_is_said_and_gone_on_with(
    finance: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    assert upload.plan["trial"]

    def broken(**_values: Any) -> None:
        raise ConnectionError

    # The process ends after the choice was kept and before the file was tried with it: no trial of another mapping is shown for it.
    monkeypatch.setattr(imports, "examine", broken)
    with pytest.raises(ConnectionError):
        finance.post(f"/en/imports/{upload.pk}/", {"source": "karaj.payments"})
    monkeypatch.undo()
    shown = page(finance, upload)
    assert "Not looked at to the end" in shown.content.decode()
    assert "trial" not in shown.context
    finance.post(f"/en/imports/{upload.pk}/again/")
    assert page(finance, upload).context["trial"]
    assert "Not looked at to the end" not in page(finance, upload).content.decode()


def test_a_worker_that_died_between_the_batch_and_the_trail_leaves_one_of_each(
    finance: Client, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(BaseException):
        """What no handler of errors catches, as a kill."""

    def die(*_: Any) -> None:
        raise Died

    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    finance.post(f"/en/imports/{upload.pk}/load/", {})
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_tell", die)
        with pytest.raises(Died):
            work()
    assert len(receipts(home)) == 1
    assert not AuditEvent.objects.filter(noun="batch").exists()
    assert page(finance, upload).context["going"]

    Job.objects.update(beat_at=timezone.now() - timedelta(hours=1))
    assert jobs.recover() == 1
    assert work() == 1
    upload.refresh_from_db()
    (receipt,) = receipts(home)
    assert (upload.plan["state"], upload.plan["batch"]) == ("loaded", receipt.batch)
    assert AuditEvent.objects.filter(noun="batch").count() == 1


def test_a_large_file_is_looked_at_by_the_worker(finance: Client, home: Path, monkeypatch: Any) -> None:
    from rasad.actions import imports

    monkeypatch.setattr(imports, "AT_ONCE", 10)
    upload = file_of(hand_in(finance, "payments.csv", FIRST))
    going = page(finance, upload).content.decode()
    assert "data-poll-again" in going
    assert "Looking at a file" in going
    assert work() == 1
    assert "data-poll-again" not in finance.get(f"/en/imports/{upload.pk}/progress/").content.decode()
    upload.refresh_from_db()
    assert load(finance, upload).rows["stored"] == 3


def test_a_year_stands_in_the_files_name_and_never_in_the_folder_of_its_hash(
    finance: Client, home: Path
) -> None:
    path = cities.sources(home)["karaj.payments"]
    rule = "fiscal_year = { from = \"path\", pattern = '(\\d{4})' }"
    path.write_text(path.read_text("utf-8").replace('fiscal_year = { from = "date" }', rule), "utf-8")
    named = file_of(hand_in(finance, "payments-1403.csv", NEWER))
    assert named.plan["trial"]["receipt"]["fiscal_years"] == [1403]
    nameless = file_of(hand_in(finance, "payments.csv", NEWER))
    assert nameless.plan["error"]["code"] == "year_in_path"
    asked = finance.post(f"/en/imports/{nameless.pk}/", {"source": "karaj.payments", "year": "۱۴۰۲"})
    assert file_of(asked).plan["trial"]["receipt"]["fiscal_years"] == [1402]


def test_a_workbook_of_an_unknown_kind_becomes_a_source(finance: Client, tmp_path: Path) -> None:
    home = make_city(tmp_path, source=False)
    rows: list[list[object]] = [
        ["گزارش پرداخت‌های سازمان، ارقام به میلیون ریال"],
        ["ردیف", "تاریخ", "شرح", "ذینفع", "مبلغ"],
        *[[n, f"1403/02/{n:02}", f"خرید {n}", "شرکت الف", 10 * n] for n in range(1, 9)],
    ]
    upload = file_of(hand_in(finance, "paid.xlsx", workbook(rows)))
    assert upload.plan["choice"]["data"]["id"] == "karaj.payments"
    assert upload.plan["trial"]["receipt"]["amounts"][0]["stored"] == 360 * 10**6
    receipt = load(finance, upload)
    mapping = load_mapping(cities.sources(home)["karaj.payments"])
    assert (mapping.numbers.scale, mapping.version, mapping.hash) == ("million_rial", 1, receipt.mapping_hash)
    assert AuditEvent.objects.get(noun="source").action == "source.add"
    # The next file of its kind is known.
    rows[2:] = [[n, f"1403/03/{n:02}", f"خدمات {n}", "شرکت ب", n] for n in range(1, 9)]
    following = file_of(hand_in(finance, "paid-2.xlsx", workbook(rows)))
    assert following.plan["choice"] == {"source": "karaj.payments"}
    assert load(finance, following).amounts[0].stored == 36 * 10**6
