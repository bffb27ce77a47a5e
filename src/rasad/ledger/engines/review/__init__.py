"""What the review queue reads: an index over the private ledger, derived from its batches, with what people judged laid over it.

`index` derives it, `asking` says a filter or a rule's conditions in its language, `live` keeps what was judged since, `reader` answers.
"""

from rasad.ledger.engines.review.asking import Asked
from rasad.ledger.engines.review.index import build_review, index_folder, review_digest
from rasad.ledger.engines.review.reader import Coverage, Figures, Queued, Review, Sum
from rasad.ledger.engines.review.rule_change import Move, RuleChange, Shift, rule_change

__all__ = [
    "Asked",
    "Coverage",
    "Figures",
    "Move",
    "Queued",
    "Review",
    "RuleChange",
    "Shift",
    "Sum",
    "build_review",
    "index_folder",
    "review_digest",
    "rule_change",
]
