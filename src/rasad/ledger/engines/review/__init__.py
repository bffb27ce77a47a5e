"""What the review queue reads: an index over the private ledger, derived from its batches, with what people judged laid over it.

`index` derives it, `asking` says a filter or a rule's conditions in its language, `live` keeps what was judged since, `reader` answers, `of_project` of one project.
"""

from rasad.ledger.engines.review.asking import Asked
from rasad.ledger.engines.review.index import build_review, index_folder, review_digest
from rasad.ledger.engines.review.of_project import (
    Linked,
    LinkedContract,
    LinkedLine,
    contracts_of,
    lines_of,
    money_of,
    unlinked_it,
)
from rasad.ledger.engines.review.reader import Coverage, Figures, Queued, Review, Sum
from rasad.ledger.engines.review.rule_change import Move, RuleChange, Shift, rule_change

__all__ = [
    "Asked",
    "Coverage",
    "Figures",
    "Linked",
    "LinkedContract",
    "LinkedLine",
    "Move",
    "Queued",
    "Review",
    "RuleChange",
    "Shift",
    "Sum",
    "build_review",
    "contracts_of",
    "index_folder",
    "lines_of",
    "money_of",
    "review_digest",
    "rule_change",
    "unlinked_it",
]
