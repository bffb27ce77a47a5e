"""Every action of the workspace, done once each on a small world of its own; in the order in which they can follow one another.

Each is given what it needs anew, since it is begun many times before it is let come to its end.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from importlib import import_module, resources
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator

import rasad.actions
from rasad.actions import (
    accounts,
    allocation_rules,
    allocations,
    assets,
    class_judgements,
    contracts,
    goals,
    imports,
    indicators,
    institutions,
    jobs,
    mappings,
    projects,
    publishing,
    register,
    resolutions,
    roadmap_alternatives,
    roadmap_files,
    roadmap_initiatives,
    roadmap_projects,
    roadmap_replan,
    roadmap_tradeoffs,
    roadmaps,
    services,
    staff,
    systems,
    units,
    uploads,
)
from rasad.actions.batches import import_file
from rasad.actions.bulk import import_files
from rasad.actions.examining import data_of
from rasad.actions.releases import build_release
from rasad.actions.roadmap_solving import told
from rasad.ledger.batches import receipts
from rasad.ledger.mapping import load_mapping
from rasad.records import models as m
from rasad.release.manifest import release_hash
from rasad.roadmap.front import Axis, Front, Point
from rasad.roadmap.problem import dump, parse
from rasad.roadmap.solve.outcome import Status
from rasad.roadmap.solve.solving import solve
from rasad.roadmap.weighing import ToWeigh
from rasad.roadmap.wording import Words

DAY, LATER = date(2024, 3, 20), date(2025, 3, 20)
MAPPING = """id = "karaj.payments"
fiscal_year = { from = "date" }
[columns]
date = { names = ["تاریخ"] }
title = { names = ["شرح"] }
[[amounts]]
stage = "paid"
names = ["مبلغ"]
"""
PAYMENTS = "تاریخ,شرح,مبلغ\n1403/05/12,خرید سرور,1200\n1403/05/13,پشتیبانی,300\n1403/05/14,میز,9\n"
BULK = {
    "unit.csv": "code,name,parent,kind\n3091,زیرساخت,309,office\n30911,شبکه,3091,office\n",
    "project_goal.csv": "project,goal,weight_bp\nP1,G2,10000\n",
}
SET_UP = "set up: "
"""Begins the name of what is only done so that the next action can be."""
_STEPS = "keep the plan once, then are imports.go_on, which is tried; what stands between: tests/workbench/test_import_desk.py"
_WORK = "the worker's work, begun again after a crash: test_worker_killed.py"
ELSEWHERE = {
    **dict.fromkeys(("imports.choose", "imports.correct", "imports.look_again"), _STEPS),
    **dict.fromkeys(("loading.load_upload", "loading.put_right", "handed_in.take_in"), _WORK),
    **dict.fromkeys(
        (f"roadmap_solving.{name}" for name in ("solve_scenario", "price_locks", "explain_scenario")),
        "a search by the worker, whose one change at its end is roadmaps.keep_plan or of its kind: test_worker_killed.py",
    ),
    "mappings.saving": "is mappings.save, with what else is to stand with it; imports.load is tried with it",
    **dict.fromkeys(
        ("roadmap_tradeoffs.trace_front", "roadmap_uncertain.forecast_plan"),
        "the worker's work, whose one change at its end is roadmap_tradeoffs.keep_finding",
    ),
    "roadmap_uncertain.plan_surely": "the worker's work, whose one transaction at its end is roadmaps.keep_plan and roadmap_tradeoffs.keep_finding",
    "roadmap_alternatives.find_alternatives": "a search by the worker, whose one change at its end is keep_alternatives: test_worker_killed.py",
    "accounts.found_site": "makes the one account without which nothing here could act; the same as accounts.accept",
    "collections.load_records": "is bulk.import_files, which is here",
    "bulk.import_file": "is import_files of one file",
    "load.import_file": "is import_files of one file",
}
"""What is not tried here, and why."""


def the(model: type, **key: Any) -> Any:
    """Return one record as it is now."""
    return model._base_manager.get(**key)  # type: ignore[attr-defined]


def seen(record: Any, name: str = "") -> dict[str, Any]:
    """Return a record and its version as an action takes them."""
    return {name or type(record).__name__.lower(): record, "seen": record.version}


class World:
    """The home, the file that was loaded into it, and who acts."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "sources" / "payments.toml").write_text(MAPPING, "utf-8")
        path = home.parent / "payments.csv"
        path.write_text(PAYMENTS, "utf-8")
        import_file(home=home, mapping=load_mapping(home / "sources" / "payments.toml"), path=path)
        (self.receipt,) = receipts(home)
        self.lines = [f"{self.receipt.file['sha256'][:12]}-1-{row}-paid" for row in (2, 3, 4)]
        self.bulk = []
        for name, text in BULK.items():
            self.bulk.append(home.parent / name)
            self.bulk[-1].write_text(text, "utf-8")
        self.tokens: dict[str, str] = {}
        text = resources.files("rasad.roadmap.problem").joinpath("starter.json").read_text("utf-8")
        self.problem: dict[str, Any] = json.loads(text)
        problem = parse(self.problem)
        found = solve(problem, seconds=20)
        assert found.plan is not None
        self.plan, self.found = found.plan, told(found)
        point = Point(values=(2, 1), plan=found.plan, status=found.status, gap=None, seconds=0.1)
        aims = tuple(
            Axis(key=f"{at}:{name}", words=Words(name), maximise=False)
            for at, name in enumerate(("cost", "completion"))
        )
        self.front = Front(status=found.status, axes=aims, points=(point,)).model_dump(mode="json")
        self.chosen = [one.initiative for one in found.plan.choices]
        self.sheet = home.parent / "initiatives.csv"
        renamed = json.loads(text)
        renamed["initiatives"][0]["title_fa"] = "فیبر"
        sheet = roadmap_initiatives.export(problem=parse(renamed), format="csv", rtl=True)
        self.sheet.write_bytes(b"".join(sheet))
        self.adopted = home.parent / "adopted.json"
        decided = {
            "code": "c",
            "title": "سوم",
            "adopted_on": "2024-06-01",
            "reference": "نامه",
            "projects": {self.chosen[0]: "P4"},
        }
        parts = {"problem": self.problem, "plan": dump(found.plan), "result": self.found}
        self.adopted.write_text(json.dumps({**decided, **parts}, ensure_ascii=False), "utf-8")

    @property
    def by(self) -> Any:
        """The first account of the site."""
        return m.Account.objects.order_by("pk")[0]

    def next_mapping(self) -> dict[str, Any]:
        """Return the source's mapping as its next version."""
        now = load_mapping(self.home / "sources" / "payments.toml")
        return {**data_of(now), "version": now.version + 1, "title_en": f"Payments {now.version + 1}"}

    def publish(self, number: int) -> None:
        """Make a release live that was looked at."""
        digest = release_hash(self.home / "releases" / f"{number:04d}")
        publishing.publish(home=self.home, number=number, expected=digest, by=self.by, why="چون")

    def invite(self) -> None:
        """Invite somebody; the token is told this once."""
        _, self.tokens["sara"] = accounts.invite(
            email="sara@example.org", name="سارا", roles=["it", "finance"], by=self.by
        )


def acts(w: World) -> dict[str, Callable[[], Any]]:
    """Return every action by its module and name. A name with a further word is the same action again, in another case."""
    project = lambda code: the(m.Project, code=code)  # noqa: E731
    goal = lambda code: the(m.Goal, code=code)  # noqa: E731
    scenario = lambda code: the(m.Scenario, code=code)  # noqa: E731
    rule = lambda number: the(m.AllocationRule, code="r", number=number)  # noqa: E731
    by: dict[str, Any] = {"by": w.by, "why": "چون"}
    opened = dict.fromkeys(("P2", "P3", "P4"))
    line, other, third = w.lines
    return {
        "accounts.invite": w.invite,
        "accounts.accept": lambda: accounts.accept(token=w.tokens["sara"], password="a long enough password", language="fa"),
        "accounts.invite again": lambda: accounts.invite(email="reza@example.org", name="رضا", roles=["member"], by=w.by),
        "accounts.withdraw": lambda: accounts.withdraw(**seen(the(m.Invitation, email="reza@example.org")), **by),
        "accounts.grant_role": lambda: accounts.grant_role(account=the(m.Account, email="sara@example.org"), role="data", **by),
        "accounts.end_role": lambda: accounts.end_role(**seen(the(m.Grant, account__email="sara@example.org", role="data")), **by),
        SET_UP + "a second factor": lambda: Authenticator.objects.create(
            user=the(m.Account, email="sara@example.org"), type="totp", data={}),
        "accounts.drop_second_factor": lambda: accounts.drop_second_factor(account=the(m.Account, email="sara@example.org"), **by),
        "accounts.deactivate": lambda: accounts.deactivate(account=the(m.Account, email="sara@example.org"), **by),
        "accounts.activate": lambda: accounts.activate(account=the(m.Account, email="sara@example.org"), **by),
        "units.add_unit": lambda: units.add_unit(code="309", name="سازمان فناوری", **by),
        "units.add_unit again": lambda: units.add_unit(code="310", name="مالی", **by),
        "units.change_unit": lambda: units.change_unit(**seen(the(m.Unit, code="310")), name="امور مالی", **by),
        "units.move_unit": lambda: units.move_unit(**seen(the(m.Unit, code="310")), parent=the(m.Unit, code="309"), **by),
        "units.appoint": lambda: units.appoint(unit=the(m.Unit, code="310"), title="مدیر", holder="الف", since=DAY, **by),
        "units.appoint another": lambda: units.appoint(unit=the(m.Unit, code="310"), title="مدیر", holder="ب", since=LATER, **by),
        "units.leave": lambda: units.leave(**seen(the(m.Post, holder="ب")), on=date(2025, 6, 1), **by),
        "institutions.add_institution": lambda: institutions.add_institution(code="i1", name="ثبت احوال", **by),
        "institutions.change_institution": lambda: institutions.change_institution(
            **seen(the(m.Institution, code="i1")), name="سازمان ثبت احوال", **by),
        "resolutions.add_resolution": lambda: resolutions.add_resolution(number="12", date=DAY, title="کارت", **by),
        "resolutions.change_resolution": lambda: resolutions.change_resolution(**seen(the(m.Resolution, number="12")), title="کارت شهروندی", **by),
        "resolutions.notify": lambda: resolutions.notify(**seen(the(m.Resolution, number="12")), number="ن۱", on=LATER, **by),
        "goals.add_goal": lambda: goals.add_goal(code="G1", title="یک", weight_bp=6_000, **by),
        "goals.add_goal again": lambda: goals.add_goal(code="G2", title="دو", weight_bp=4_000, **by),
        "goals.change_goal": lambda: goals.change_goal(**seen(goal("G2")), title="دوم", **by),
        "goals.weigh": lambda: goals.weigh(weights={goal("G1"): 3_000, goal("G2"): 2_000}, seen={goal(c): goal(c).version for c in ("G1", "G2")}, **by),
        "goals.move_goal": lambda: goals.move_goal(**seen(goal("G2")), parent=goal("G1"), weight_bp=5_000, **by),
        "indicators.add_indicator": lambda: indicators.add_indicator(code="I1", title="برخط", measured_in="درصد", **by),
        "indicators.change_indicator": lambda: indicators.change_indicator(**seen(the(m.Indicator, code="I1")), title="خدمت برخط", **by),
        "indicators.aim": lambda: indicators.aim(indicator=the(m.Indicator, code="I1"), due=LATER, value=Decimal(9), **by),
        "indicators.change_target": lambda: indicators.change_target(**seen(the(m.Target, due=LATER)), value=Decimal(8), **by),
        "indicators.read": lambda: indicators.read(
            indicator=the(m.Indicator, code="I1"), period_start=DAY, period_end=LATER, value=Decimal(3), quality="untraceable", **by),
        "indicators.correct_reading": lambda: indicators.correct_reading(**seen(the(m.Reading, period_start=DAY)), value=Decimal(4), **by),
        "goals.set_indicators": lambda: goals.set_indicators(goal=goal("G1"), indicators=[the(m.Indicator, code="I1")], seen=None, **by),
        "services.add_service": lambda: services.add_service(code="S1", name="پروانه", unit="309", **by),
        "services.change_service": lambda: services.change_service(**seen(the(m.Service, code="S1")), name="پروانهٔ ساخت", **by),
        "services.open_channel": lambda: services.open_channel(service=the(m.Service, code="S1"), kind="in_person", **by),
        "services.change_channel": lambda: services.change_channel(**seen(the(m.Channel, kind="in_person")), since=DAY, **by),
        "projects.open_project": lambda: projects.open_project(code="P1", title="کارت", unit="309", budget=5, **by),
        **{f"projects.open_project {code}": lambda code=code: projects.open_project(code=code, title=code, unit="309", **by) for code in opened},
        "projects.change_project": lambda: projects.change_project(**seen(project("P1")), title="کارت شهروندی", **by),
        "projects.approve": lambda: projects.approve(**seen(project("P1")), on=DAY, resolution=the(m.Resolution, number="12"), **by),
        "projects.start": lambda: projects.start(**seen(project("P1")), **by),
        "projects.rebaseline": lambda: projects.rebaseline(project=project("P1"), seen=1, start=DAY, end=LATER, budget=7, reason="تورم", by=w.by),
        "projects.add_milestone": lambda: projects.add_milestone(project=project("P1"), title="آزمون", due=LATER, **by),
        "projects.reach_milestone": lambda: projects.reach_milestone(**seen(the(m.Milestone, number=1)), on=LATER, **by),
        "projects.report_progress": lambda: projects.report_progress(project=project("P1"), as_of=DAY, physical_bp=100, **by),
        "projects.set_goals": lambda: projects.set_goals(project=project("P1"), weights={goal("G1"): 5_000, goal("G2"): 5_000}, seen=None, **by),
        "projects.set_goals again": lambda: projects.set_goals(project=project("P1"), weights={goal("G1"): 10_000}, seen=None, **by),
        "projects.set_services": lambda: projects.set_services(project=project("P1"), changes={the(m.Service, code="S1"): "برخط"}, seen=None, **by),
        "projects.set_partners": lambda: projects.set_partners(
            project=project("P1"), partners=[(the(m.Unit, code="310"), "مالی"), (the(m.Institution, code="i1"), "داده")], seen=None, **by),
        "projects.merge": lambda: projects.merge(**seen(project("P2")), into=project("P1"), on=LATER, **by),
        "projects.reopen": lambda: projects.reopen(**seen(project("P2")), **by),
        "projects.cancel": lambda: projects.cancel(**seen(project("P3")), on=LATER, **by),
        "projects.finish": lambda: projects.finish(**seen(project("P2")), on=LATER, **by),
        "projects.close": lambda: projects.close(**seen(project("P2")), report="آنچه شد", **by),
        "load.import_files": lambda: _whole(import_files(paths=w.bulk, **by)),
        "register.add": lambda: register.add(noun="unit", values={"code": "u9", "name": "نو"}, **by),
        "register.change": lambda: register.change(record=the(m.Unit, code="u9"), values={"name": "نوتر"}, seen=1, **by),
        "register.remove": lambda: register.remove(**seen(the(m.ProjectPartner, part="مالی"), "record"), **by),
        "units.end_unit": lambda: units.end_unit(**seen(the(m.Unit, code="u9")), on=LATER, **by),
        "services.stop_service": lambda: services.stop_service(**seen(the(m.Service, code="S1")), **by),
        "goals.end_goal": lambda: goals.end_goal(**seen(goal("G2")), on=LATER, **by),
        "contracts.add_contract": lambda: contracts.add_contract(contract_no="c1", title="سرور", **by),
        "contracts.change_contract": lambda: contracts.change_contract(**seen(the(m.Contract, contract_no="c1")), title="سرورها", **by),
        "contracts.amend": lambda: contracts.amend(**seen(the(m.Contract, contract_no="c1")), amount=9, **by),
        "contracts.close": lambda: contracts.close(**seen(the(m.Contract, contract_no="c1")), on=LATER, completed=True, **by),
        "assets.add_asset": lambda: assets.add_asset(tag="a1", name="سرور", **by),
        "assets.change_asset": lambda: assets.change_asset(**seen(the(m.Asset, tag="a1")), name="سرور ۲", **by),
        "assets.enter": lambda: assets.enter(**seen(the(m.Asset, tag="a1")), on=DAY, **by),
        "assets.hand_over": lambda: assets.hand_over(**seen(the(m.Asset, tag="a1")), unit=the(m.Unit, code="310"), **by),
        "assets.retire": lambda: assets.retire(**seen(the(m.Asset, tag="a1")), **by),
        "systems.add_system": lambda: systems.add_system(code="y1", name="شهرسازی", unit="309", state="planned", **by),
        "systems.change_system": lambda: systems.change_system(**seen(the(m.System, code="y1")), name="شهرسازی ۲", **by),
        "systems.put_in_use": lambda: systems.put_in_use(**seen(the(m.System, code="y1")), since=DAY, **by),
        "systems.add_link": lambda: systems.add_link(
            code="k1", data="مالکیت", provider_institution="i1", consumer_unit="309", consumer_system="y1", **by),
        "systems.change_link": lambda: systems.change_link(**seen(the(m.DataLink, code="k1"), "link"), note="هر روز", **by),
        "systems.agree": lambda: systems.agree(**seen(the(m.DataLink, code="k1"), "link"), on=DAY, **by),
        "systems.see_in_use": lambda: systems.see_in_use(**seen(the(m.DataLink, code="k1"), "link"), on=LATER, **by),
        "systems.retire": lambda: systems.retire(**seen(the(m.System, code="y1")), on=LATER, **by),
        "staff.count": lambda: staff.count(unit=the(m.Unit, code="309"), skill="شبکه", as_of=DAY, heads=3, capacity_days=600, **by),
        "staff.correct_count": lambda: staff.correct_count(**seen(the(m.StaffCount, heads=3), "staff"), heads=4, capacity_days=800, **by),
        "allocation_rules.draft": lambda: allocation_rules.draft(
            code="r", title="سرورها", conditions={"title_any": ["سرور"]}, parts=[{"project": "P1", "share_bp": 10_000}], **by),
        "allocation_rules.put_in_force": lambda: allocation_rules.put_in_force(**seen(rule(1), "rule"), **by),
        "allocation_rules.change_rule": lambda: allocation_rules.change_rule(**seen(rule(1), "rule"), title="سرور", **by),
        "allocation_rules.put_in_force again": lambda: allocation_rules.put_in_force(**seen(rule(2), "rule"), **by),
        "allocation_rules.retire": lambda: allocation_rules.retire(**seen(rule(2), "rule"), **by),
        "allocations.judge": lambda: allocations.judge(home=w.home, kind="line", subject=line, parts={"P1": 6_000, "P4": 4_000}, seen=None, **by),
        "allocations.judge again": lambda: allocations.judge(home=w.home, kind="line", subject=line, parts={"P4": 500}, seen=held(m.Judgement, line), **by),
        "allocations.undo": lambda: allocations.undo(**seen(the(m.Judgement, subject=line, holds=True)), **by),
        "allocations.judge_many": lambda: allocations.judge_many(home=w.home, line_ids=[other, third], parts={"P1": 1}, **by),
        "allocations.undo_group": lambda: allocations.undo_group(group=group(m.Judgement), **by),
        "class_judgements.judge": lambda: class_judgements.judge(home=w.home, line_id=line, cls="other_it", mode="run", **by),
        "class_judgements.undo": lambda: class_judgements.undo(
            home=w.home, **seen(the(m.ClassJudgement, subject=line), "judgement"), **by),
        "class_judgements.judge_many": lambda: class_judgements.judge_many(home=w.home, line_ids=[other, third], cls="other_it", mode="run", **by),
        "class_judgements.undo_group": lambda: class_judgements.undo_group(home=w.home, group=group(m.ClassJudgement), **by),
        "units.add_unit of initiatives": lambda: units.add_unit(code="it", name="سازمان", **by),
        "units.add_unit of other initiatives": lambda: units.add_unit(code="urban", name="شهرسازی", **by),
        "units.add_unit of the rest": lambda: units.add_unit(code="traffic", name="حمل‌ونقل", **by),
        "roadmaps.draft": lambda: roadmaps.draft(code="a", title="نخست", problem=w.problem, **by),
        "roadmaps.draft again": lambda: roadmaps.draft(code="b", title="دوم", problem=w.problem, **by),
        "roadmaps.change_scenario": lambda: roadmaps.change_scenario(**seen(scenario("a")), title="یکم", **by),
        "roadmap_initiatives.take_in": lambda: roadmap_initiatives.take_in(**seen(scenario("a")), path=w.sheet, **by),
        "roadmaps.lock": lambda: roadmaps.lock(**seen(scenario("a")), initiative="screens", choice="in", **by),
        "roadmaps.unlock": lambda: roadmaps.unlock(**seen(scenario("a")), initiative="screens", **by),
        "roadmaps.keep_plan": lambda: roadmaps.keep_plan(
            scenario=scenario("a"), problem=roadmaps.problem_of(scenario("a").problem), plan=w.plan, result=w.found, **by),
        "roadmap_tradeoffs.keep_finding": lambda: roadmap_tradeoffs.keep_finding(
            scenario=scenario("a"), problem=roadmaps.problem_of(scenario("a").problem), kind="front",
            asked={"aims": ["cost", "completion"]}, found=w.front, **by),
        "roadmap_tradeoffs.take_point": lambda: roadmap_tradeoffs.take_point(**seen(scenario("a")), finding=1, point=1, **by),
        "roadmaps.give_opinion": lambda: roadmaps.give_opinion(scenario=scenario("a"), verdict="favour", text="شدنی است", **by),
        "roadmaps.adopt": lambda: roadmaps.adopt(**seen(scenario("a")), plan=1, on=DAY, reference="نامه", **by),
        "roadmap_alternatives.keep_alternatives": lambda: roadmap_alternatives.keep_alternatives(
            record=the(m.ScenarioPlan, scenario=scenario("a"), number=1), weighed=ToWeigh(status=Status.OPTIMAL, goals=()), **by),
        "roadmap_projects.link_project": lambda: roadmap_projects.link_project(
            scenario=scenario("a"), initiative=w.chosen[0], project=project("P4"), **by),
        "roadmap_projects.become_project": lambda: roadmap_projects.become_project(
            scenario=scenario("a"), initiative=w.chosen[1], code="P5", **by),
        "roadmap_replan.replan": lambda: roadmap_replan.replan(home=w.home, scenario=scenario("a"), code="d", title="بازنگری", **by),
        "roadmaps.withdraw": lambda: roadmaps.withdraw(**seen(scenario("b")), **by),
        "roadmap_files.take_in": lambda: roadmap_files.take_in(path=w.adopted, **by),
        "uploads.keep": lambda: uploads.keep(home=w.home, name="x.csv", chunks=[b"1"], by=w.by),
        "mappings.save": lambda: mappings.save(home=w.home, data=w.next_mapping(), **by),
        SET_UP + "two releases": lambda: [build_release(home=w.home, publish=False) for _ in range(2)],
        "publishing.publish": lambda: w.publish(1),
        "publishing.publish another": lambda: w.publish(2),
        "imports.hand_in": lambda: imports.hand_in(home=w.home, name="new.csv", chunks=[PAYMENTS.replace("9", "8").encode()], by=w.by),
        "imports.go_on": lambda: imports.go_on(home=w.home, upload=the(m.Upload, name="new.csv"), by=w.by),
        SET_UP + "a mapping put right": lambda: imports.correct(
            home=w.home, upload=the(m.Upload, name="new.csv"), data=w.next_mapping(), params={}, by=w.by),
        "imports.load with its mapping": lambda: imports.load(home=w.home, upload=the(m.Upload, name="new.csv"), how="add", **by),
        "imports.hand_in another": lambda: imports.hand_in(home=w.home, name="drop.csv", chunks=[b"1"], by=w.by),
        "imports.drop": lambda: imports.drop(home=w.home, upload=the(m.Upload, name="drop.csv"), by=w.by),
        SET_UP + "no work that waits": lambda: m.Job.objects.update(state="done"),
        "jobs.enqueue": lambda: jobs.enqueue(kind="review.index", params={}, by=w.by),
        "jobs.take": jobs.take,
        "jobs.cancel": lambda: jobs.cancel(job=the(m.Job, state="running"), by=w.by),
        SET_UP + "work that failed": lambda: m.Job.objects.filter(state="running").update(state="failed"),
        "jobs.retry": lambda: jobs.retry(job=the(m.Job, state="failed"), by=w.by),
    }  # fmt: skip


def _whole(done: Any) -> None:
    assert done.written, [problem.message() for problem in done.problems]


def held(model: Any, subject: str) -> int:
    """Return the key of the judgement that holds of a subject."""
    return int(the(model, subject=subject, holds=True).pk)


def group(model: Any) -> uuid.UUID:
    """Return the group of the judgements of many lines."""
    found: uuid.UUID = model.objects.filter(group__isnull=False)[0].group
    return found


def every_action() -> set[str]:
    """Return every public function of the actions that writes records: it takes who acts, or opens a change."""
    found = set()
    for module in pkgutil.walk_packages(rasad.actions.__path__, "rasad.actions."):
        for name, function in vars(import_module(module.name)).items():
            if not inspect.isfunction(function) or function.__module__ != module.name or name.startswith("_"):
                continue
            who = inspect.signature(function).parameters.get("by")
            if (who and "Account" in str(who.annotation)) or "changing(" in inspect.getsource(function):
                found.add(f"{module.name.rpartition('.')[2]}.{name}")
    return found
