"""What is done with the files of contracts."""

from __future__ import annotations

from datetime import date
from typing import Any

from rasad.actions.register import resolved
from rasad.records.changes import changing
from rasad.records.models import Account, Contract


def add_contract(
    *, contract_no: str, title: str, by: Account | None, why: str = "", **values: Any
) -> Contract:
    """Add the file of a contract under its number. ValidationError where it cannot stand."""
    with changing(by=by, action="contract_record.add", why=why) as change:
        return change.add(
            Contract(**resolved(Contract, {"contract_no": contract_no, "title": title, **values}))
        )


def change_contract(
    *, contract: Contract, seen: int, by: Account | None, why: str = "", **values: Any
) -> Contract:
    """Change what is said of a contract. StaleError where somebody else wrote meanwhile."""
    with changing(by=by, action="contract_record.change", why=why) as change:
        return change.update(contract, seen=seen, **resolved(Contract, values))


def amend(
    *, contract: Contract, seen: int, amount: int, end: date | None = None, by: Account | None, why: str
) -> Contract:
    """Change a contract's amount, and its end where one is given; the amount as signed stays beside it."""
    with changing(by=by, action="contract_record.amend", why=why) as change:
        return change.update(contract, seen=seen, current_amount=amount, end=end or contract.end)


def close(
    *, contract: Contract, seen: int, on: date, completed: bool, by: Account | None, why: str = ""
) -> Contract:
    """Say that a contract was completed, or terminated, on a day."""
    with changing(by=by, action="contract_record.close", why=why) as change:
        state = "completed" if completed else "terminated"
        return change.update(contract, seen=seen, state=state, closed_on=on)
