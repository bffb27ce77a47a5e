"""The thread from money to projects: what rules say, and what people judged. Rules suggest, people decide, nothing is overwritten."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from rasad.records.audited import Audited, AuditedQuerySet
from rasad.records.models.people import Account
from rasad.records.models.projects import Project
from rasad.records.problems import WHOLE_BP

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
    conditions = models.JSONField(default=dict)
    parts = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="allocation_rule_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(state="in_force"), name="allocation_rule_one_in_force"
            ),
        ]


class JudgementQuerySet(AuditedQuerySet):
    """Reads of judgements."""

    def holding(self) -> JudgementQuerySet:
        """Return the latest judgement of each subject that was not taken back."""
        return self.filter(replaced_by__isnull=True, undone_at__isnull=True)


class Judgement(Audited):
    """What a person judged of one line or contract: its parts, or none (judged to be for no project). Earlier ones stay on record."""

    KEY = ("subject_kind", "subject", "at")

    subject_kind = models.CharField(max_length=10, choices=[(s, s) for s in SUBJECTS])
    subject = models.CharField(max_length=120)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="judgements")
    at = models.DateTimeField(default=timezone.now)
    why = models.TextField(blank=True)
    group = models.UUIDField(null=True, blank=True, db_index=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject"], name="judgement_of_subject")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject_kind", "subject", "at"], name="judgement_once"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject"],
                condition=Q(replaced_by__isnull=True, undone_at__isnull=True),
                name="judgement_one_holds",
            ),
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
