"""Classes of IT spending: machines suggest, people judge, nothing is overwritten."""

from rasad.ledger.classify.engine import SUGGESTION, Scope, classify, version
from rasad.ledger.classify.judgements import JudgementError, judge, judgements, latest
from rasad.ledger.classify.report import Report, report
from rasad.ledger.classify.rules import RulesError, rulebook

__all__ = [
    "SUGGESTION",
    "JudgementError",
    "Report",
    "RulesError",
    "Scope",
    "classify",
    "judge",
    "judgements",
    "latest",
    "report",
    "rulebook",
    "version",
]
