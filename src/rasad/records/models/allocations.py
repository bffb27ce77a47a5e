"""The thread from money to projects: what rules say, and what people judged. Rules suggest, people decide, nothing is overwritten."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rasad.ledger.allocate.rules import Conditions, Rule, RuleError, parts_from_json
from rasad.ledger.schema import CLASSES, MODES
from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.people import Account
from rasad.records.models.projects import Project
from rasad.records.problems import WHOLE_BP, Refusal

SUBJECTS = ("line", "contract")
RULE_STATES = ("draft", "in_force", "retired")


class AllocationRule(Audited):
    """One version of a rule: lines that meet every condition are suggested for projects by share.

    `conditions`: see `rasad.ledger.allocate.Conditions`. `parts`: a list of {"project": code, "share_bp": share}, together at most the
    whole; what is left is unlinked. A changed rule is a further version; the one in force is replaced, never rewritten.
    """

    KEY = ("code", "number")

    code = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=20, choices=[(s, s) for s in RULE_STATES], default="draft")
    order = models.IntegerField(default=100)
    conditions = models.JSONField(default=dict, blank=True)
    parts = models.JSONField(default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="allocation_rule_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="in_force"), name="allocation_rule_one_in_force"
            ),
        ]

    def as_rule(self) -> Rule:
        """Return the version as the ledger takes it. RuleError where it cannot stand."""
        return _rule(self.code, self.number, self.order, json.dumps(self.conditions), json.dumps(self.parts))

    def refusals(self) -> Iterator[Refusal]:
        """Yield what the ledger says against the conditions or the parts."""
        try:
            self.as_rule()
        except RuleError as error:
            field = "parts" if error.field == "parts" else "conditions"
            # Within the conditions, which of them.
            found = error.found if error.field == field else f"{error.field}: {error.found}"
            yield Refusal(field, error.code, found)

    def change_refusals(self, before: dict[str, Any], why: str) -> Iterator[Refusal]:
        """Yield what changed of a version that is no draft: nothing but its state does."""
        if before["state"] != "draft":
            now = {name: getattr(self, name) for name in ("title", "order", "conditions", "parts")}
            for name, value in now.items():
                if value != before[name]:
                    yield Refusal(name, "version_stays")

    @classmethod
    def joint_refusals(cls, touched: Collection[Self]) -> Iterator[tuple[Self, Refusal]]:
        """Yield rules that name a project which is not there."""
        named = {part["project"] for rule in touched for part in rule.parts}
        there = set(Project.objects.filter(code__in=named).values_list("code", flat=True))
        for rule in touched:
            for part in rule.parts:
                if part["project"] not in there:
                    yield rule, Refusal("parts", "no_such_project", part["project"])


@lru_cache(maxsize=1_024)
def _rule(code: str, number: int, order: int, conditions: str, parts: str) -> Rule:
    """Return a version as the ledger takes it; the rules in force are few, and every page of the queue asks for all of them."""
    return Rule(
        code=code,
        version=number,
        order=order,
        conditions=Conditions.from_json(json.loads(conditions)),
        parts=parts_from_json(json.loads(parts)),
    )


class JudgementQuerySet(AuditedQuerySet):
    """Reads of judgements."""

    def holding(self) -> JudgementQuerySet:
        """Return the judgement that holds of each subject."""
        return self.filter(holds=True)

    def standing(self) -> JudgementQuerySet:
        """Return the judgements that nobody took back: those that hold, and earlier ones that would hold again."""
        return self.filter(undone_at__isnull=True)


class Judging(Audited):
    """What somebody judged of one subject. Earlier judgements stay on record; one of each subject holds: the latest that was not undone."""

    KEY = ("subject_kind", "subject", "at")

    subject_kind = models.CharField(max_length=10, choices=[(s, s) for s in SUBJECTS])
    subject = models.CharField(max_length=120)
    by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="%(class)ss")
    at = models.DateTimeField(default=timezone.now)
    why = models.TextField(blank=True)
    group = models.UUIDField(null=True, blank=True, db_index=True)
    holds = models.BooleanField(default=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject"], name="%(class)s_of_subject")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_kind", "subject", "at"], name="%(class)s_once"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject"], condition=Q(holds=True), name="%(class)s_one_holds"
            ),
            models.CheckConstraint(
                condition=Q(holds=False) | Q(undone_at__isnull=True), name="%(class)s_undone_never_holds"
            ),
        ]


class Judgement(Judging):
    """What a person judged of one line or contract: its parts, or none (judged to be for no project)."""


class ClassJudgement(Judging):
    """What a person judged of a line's class and mode. The ledger's own record of judgements follows it (`actions.class_judgements`)."""

    cls = models.CharField(max_length=20, choices=[(c, c) for c in CLASSES])
    mode = models.CharField(max_length=10, choices=[(m, m) for m in MODES])

    class Meta(Judging.Meta):
        constraints: ClassVar = [
            *Judging.Meta.constraints,
            models.CheckConstraint(condition=Q(subject_kind="line"), name="classjudgement_of_a_line"),
        ]


class AllocationPart(Audited):
    """A project's share of what was judged, in basis points; the parts of a judgement are together at most the whole."""

    KEY = ("judgement", "project")

    judgement = models.ForeignKey(Judgement, models.PROTECT, related_name="parts")
    project = models.ForeignKey(Project, models.PROTECT, related_name="allocation_parts")
    share_bp = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["judgement", "project"], name="allocation_part_once"),
            models.CheckConstraint(
                condition=Q(share_bp__gte=1) & Q(share_bp__lte=WHOLE_BP), name="allocation_part_within_whole"
            ),
        ]
