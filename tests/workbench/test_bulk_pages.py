"""Bulk files on the workbench: out, a template, in by way of a preview; what is wrong by row and column; who may load what."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from rasad.actions import institutions, units
from rasad.actions.kinds import KINDS, Task
from rasad.records.models import AuditEvent, Institution, Job, Unit, Upload
from rasad.records.roles import ABILITIES, WRITES
from rasad.records.tables import BY_NAME
from rasad.web.workbench.views import bulk

pytestmark = pytest.mark.django_db


@pytest.fixture
def it(sign_in: Any) -> Client:
    client: Client = sign_in("it")
    return client


def rows_of(response: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def hand_in(client: Client, text: str, name: str = "units.csv", lang: str = "en", **more: str) -> Any:
    file = SimpleUploadedFile(name, text.encode("utf-8-sig"))
    return client.post(f"/{lang}/bulk/", {"file": file, **more})


def test_every_noun_has_the_ability_of_whoever_writes_it() -> None:
    assert set(WRITES) == set(BY_NAME)
    assert set(WRITES.values()) <= set(ABILITIES)


def test_what_is_downloaded_comes_in_again_unchanged(it: Client, django_assert_max_num_queries: Any) -> None:
    units.add_unit(code="309", name="سازمان «فاوا»", is_it=True, note="=1+1", by=None)
    it.get("/en/")
    with django_assert_max_num_queries(8):
        page = it.get("/fa/bulk/")
    assert {row["noun"]: row["count"] for row in page.context["table"].rows}["واحد"] == 1
    for lang in ("fa", "en"):
        got = it.get(f"/{lang}/bulk/file/unit/csv/")
        assert got["Content-Disposition"] == 'attachment; filename="unit.csv"'
        text = b"".join(got).decode("utf-8-sig")  # type: ignore[arg-type]
        again = it.get(hand_in(it, text, lang=lang)["Location"])
        assert again.context["counts"] == {
            "added": 0,
            "changed": 0,
            "unchanged": 1,
            "removed": 0,
            "refused": 0,
        }
        assert again.context["nothing"]
    for address in ("file/all/xlsx", "template/all/xlsx", "template/project/xlsx", "template/goal/csv"):
        assert len(b"".join(it.get(f"/fa/bulk/{address}/"))) > 10, address  # type: ignore[arg-type]
    for address in (
        "file/all/csv",
        "file/king/csv",
        "file/unit/exe",
        "template/all/csv",
        "template/king/xlsx",
    ):
        assert it.get(f"/fa/bulk/{address}/").status_code == 404, address


def test_a_file_is_seen_before_it_is_taken_in(it: Client, sign_in: Any) -> None:
    units.add_unit(code="309", name="سازمان", by=None)
    sent = hand_in(
        it, "code,name,kind,valid_from\n309,سازمان فاوا,organisation,1400/01/01\n410,معاونت,department,\n"
    )
    page = it.get(sent["Location"])
    assert Unit.objects.count() == 1
    assert page.context["counts"] | {"unchanged": 0} == {
        "added": 1,
        "changed": 1,
        "unchanged": 0,
        "removed": 0,
        "refused": 0,
    }
    (sheet,) = page.context["changes"]
    changed, added = sheet["rows"]
    assert (changed["key"], changed["row"], added["key"], added["row"]) == ("309", 2, "410", 3)
    html = page.content.decode()
    assert "سازمان فاوا" in html
    assert 'datetime="2021-03-21"' in html
    # Only whoever handed it in sees it, and it says why it is taken in.
    assert sign_in("data").get(sent["Location"]).status_code == 404
    bare = it.post(sent["Location"], {"why": " "})
    assert bare.status_code == 422
    assert "Say why: this needs its reason." in bare.content.decode()
    assert it.post(sent["Location"], {"why": "فهرست مهر"}).status_code == 302
    assert dict(Unit.objects.values_list("code", "name")) == {"309": "سازمان فاوا", "410": "معاونت"}
    event = AuditEvent.objects.filter(noun="unit").order_by("-id")[0]
    assert (event.account_name, event.why) == ("زهرا", "فهرست مهر (units.csv)")
    done = it.get(sent["Location"])
    assert done.context["done"]
    assert "This is what it changed." in done.content.decode()
    # Sent twice, it is taken in once.
    before = AuditEvent.objects.count()
    it.post(sent["Location"], {"why": "دوباره"})
    assert AuditEvent.objects.count() == before


def test_what_is_wrong_is_said_by_row_and_column_in_both_languages(it: Client) -> None:
    text = "code,name,kind,valid_from,parent\n309,سازمان,castle,1403/13/01,\n410,معاونت,department,,999\n511,نو,office,,\n"
    for lang, choice, day, unknown in (
        (
            "en",
            "“castle” is none of the choices; expected one of: department, organisation",
            "1403/13/01",
            "there is no “999”",
        ),
        (
            "fa",
            "«castle» از گزینه‌ها نیست؛ یکی از اینها انتظار می‌رود: اداره، سازمان",
            "1403/13/01",
            "«999»",
        ),
    ):
        sent = hand_in(it, text, lang=lang)
        page = it.get(sent["Location"])
        told = [(row["row"], row["column"], str(row["said"])) for row in page.context["problems"].rows]
        assert {(row, column) for row, column, _said in told} == {
            (2, "kind"),
            (2, "valid_from"),
            (3, "parent"),
        }
        said = " ".join(text for _row, _column, text in told)
        assert choice in said
        assert day in said
        assert unknown in said
        assert page.context["counts"]["refused"] == 2
    # All or none, unless the rows that can stand are asked for; the others come back as a file with their reasons.
    assert it.post(sent["Location"], {"why": "مهر"}).status_code == 302
    assert not Unit.objects.exists()
    assert "چیزی ثبت نشد" in it.get(sent["Location"]).content.decode()
    back = b"".join(it.get(sent["Location"] + "refused/"))  # type: ignore[arg-type]
    assert back[:2] == b"PK"
    again = it.post("/en/bulk/", {"file": SimpleUploadedFile("refused.xlsx", back)})
    assert it.get(again["Location"]).context["counts"]["refused"] == 2
    it.post(sent["Location"], {"why": "مهر", "valid_only": "on"})
    assert list(Unit.objects.values_list("code", flat=True)) == ["511"]


def test_a_file_that_cannot_be_read_is_said_at_its_field(it: Client) -> None:
    for name, text, english, persian in (
        ("a.exe", "x", "is no table; expected CSV or XLSX", "جدول نیست"),
        ("a.csv", "", "The file is empty.", "پرونده تهی است"),
        ("a.csv", "king,queen\n1,2\n", "a.csv", "a.csv"),
        ("a.xlsx", "not a workbook", "a.xlsx", "a.xlsx"),
    ):
        for lang, said in (("en", english), ("fa", persian)):
            file = SimpleUploadedFile(name, text.encode())
            page = it.post(f"/{lang}/bulk/", {"file": file})
            assert page.status_code == 422, name
            assert said in " ".join(map(str, page.context["form"]["file"].errors)), (lang, name)
    assert it.post("/en/bulk/", {}).status_code == 422
    assert not Institution.objects.exists()
    # Nothing of it stays: neither its record nor its bytes.
    assert not Upload.objects.exists()
    assert not [path for path in (settings.HOME / "uploads").rglob("a.*") if path.is_file()]


def test_a_role_loads_the_nouns_that_it_writes(sign_in: Any, it: Client) -> None:
    finance = sign_in("finance")
    goals = "code,title,weight_bp\nG1,شهر الکترونیک,10000\n"
    sent = hand_in(finance, goals, "goals.csv")
    page = finance.get(sent["Location"])
    assert page.context["barred"] == ["Goal"]
    assert "None of your roles may write: Goal" in page.content.decode()
    assert finance.post(sent["Location"], {"why": "x"}).status_code == 403
    assert sign_in("member").get("/en/bulk/").status_code == 403
    assert not AuditEvent.objects.filter(noun="goal").exists()


def test_what_another_wrote_between_is_not_written_over(it: Client) -> None:
    bank = institutions.add_institution(code="B1", name="بانک", by=None)
    text = "\n".join(",".join(row) for row in rows_of(it.get("/en/bulk/file/institution/csv/")))
    sent = hand_in(it, text.replace("بانک", "بانک شهر"), "institutions.csv")
    assert it.get(sent["Location"]).context["counts"]["changed"] == 1
    institutions.change_institution(institution=bank, seen=1, name="بانک مرکزی", by=None)
    it.post(sent["Location"], {"why": "مهر"})
    assert Institution.objects.get().name == "بانک مرکزی"
    page = it.get(sent["Location"])
    assert "changed it since the file was written" in str(page.context["problems"].rows[0]["said"])


def test_a_large_file_goes_into_the_background(it: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 10)
    sent = hand_in(it, "code,name,kind\n410,معاونت,department\n", kind="unit")
    upload = Upload.objects.get()
    away = it.get(sent["Location"])
    job = Job.objects.get()
    assert away["Location"] == f"/en/jobs/{job.pk}/"
    said: list[str] = []

    def work(job: Job) -> dict[str, Any]:
        done = KINDS[job.kind].run(
            Task(settings.HOME, job.params, job.account, False, lambda what, done, total: said.append(what))
        )
        Job.objects.filter(pk=job.pk).update(state="done", result=done)
        return done

    assert work(job) == {"rows": {"added": 1, "changed": 0, "unchanged": 0, "removed": 0, "refused": 0}}
    assert sent["Location"] in it.get(f"/en/jobs/{job.pk}/").content.decode()
    assert it.get(sent["Location"]).context["counts"]["added"] == 1
    it.post(sent["Location"], {"why": "مهر"})
    load = Job.objects.get(kind="register.import")
    work(load)
    # Begun again after a crash, it finds that all stands already.
    assert work(load)["rows"]["unchanged"] == 1
    assert Unit.objects.get().code == "410"
    assert AuditEvent.objects.get(noun="unit").account == upload.account
    assert said


def test_a_large_file_that_could_not_stand_may_be_taken_in_again(
    it: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = institutions.add_institution(code="B1", name="بانک", by=None)
    text = "\n".join(",".join(row) for row in rows_of(it.get("/en/bulk/file/institution/csv/")))
    sent = hand_in(it, text.replace("بانک", "بانک شهر"), "institutions.csv")
    monkeypatch.setattr(bulk, "AT_ONCE", 10)
    institutions.change_institution(institution=bank, seen=1, name="بانک مرکزی", by=None)
    for count in (1, 2):
        it.post(sent["Location"], {"why": "مهر"})
        load = Job.objects.filter(kind="register.import", state="waiting").get()
        KINDS[load.kind].run(Task(settings.HOME, load.params, load.account, False, lambda *told: None))
        Job.objects.filter(pk=load.pk).update(state="done")
        assert Job.objects.filter(kind="register.import").count() == count
        page = it.get(sent["Location"])
        assert not page.context["done"]
        assert "changed it since the file was written" in str(page.context["problems"].rows[0]["said"])
    assert Institution.objects.get().name == "بانک مرکزی"


def test_work_is_begun_again_only_by_whoever_may_ask_for_it(it: Client, sign_in: Any) -> None:
    assert {kind.ability for kind in KINDS.values()} <= set(ABILITIES)
    sent = hand_in(it, "code,name,kind\n410,معاونت,department\n", kind="unit")
    mine = Upload.objects.get()
    finance = sign_in("finance")
    for kind, who, status in (
        ("roadmap.solve", finance, 403),
        ("release.build", finance, 403),
        ("ledger.import", finance, 302),
        ("roadmap.solve", it, 302),
    ):
        by = mine.account if who is it else None
        job = Job.objects.create(kind=kind, params={"scenario": 1}, account=by, state="failed")
        assert who.get(f"/en/jobs/{job.pk}/").context["may_retry"] is (status == 302), kind
        assert who.post(f"/en/jobs/{job.pk}/again/").status_code == status, kind
        assert Job.objects.filter(kind=kind, state="waiting").exists() is (status == 302), kind
        Job.objects.filter(kind=kind).delete()
    # What writes to the register leads to its file, where each noun's ability is asked for, and the file is its owner's.
    job = Job.objects.create(
        kind="register.import", params={"upload": str(mine.pk)}, account=mine.account, state="failed"
    )
    assert it.post(f"/en/jobs/{job.pk}/again/")["Location"] == sent["Location"]
    assert finance.get(finance.post(f"/en/jobs/{job.pk}/again/")["Location"]).status_code == 404
    assert not Job.objects.filter(state="waiting").exists()
