"""A first mapping for a file nobody has described yet: proposed from its headers and its values, with every doubt marked."""

from __future__ import annotations

from rasad.ledger.propose.doubts import Doubt
from rasad.ledger.propose.proposal import Proposal, propose, propose_for
from rasad.ledger.propose.writing import as_toml, mapping_toml

__all__ = ["Doubt", "Proposal", "as_toml", "mapping_toml", "propose", "propose_for"]
