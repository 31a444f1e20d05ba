"""Write-off: on its day everything open on a bill goes out, and nothing of it is demanded or accrues any more."""

from apps.bills.domain.facts import WriteOffFact
from apps.bills.domain.kinds import EntryKind
from apps.bills.domain.state import Account, EntryKey
from apps.core.domain.money import ZERO


def write_off(account: Account, fact: WriteOffFact) -> None:
    """Take out what is open by the end of the day, component by component; of a settled bill there is nothing."""
    bill = account.bills[fact.bill]
    if not bill.owed:
        return
    bill.write_off, bill.written_off_date = fact.cause, fact.date
    for component, amount in bill.open.items():
        if amount:
            bill.open[component] = ZERO
            bill.written_off[component] = amount
            account.entries[EntryKey(fact.date, EntryKind.WRITE_OFF, component, fact.bill, fact.cause)] -= amount
    for share in bill.shares:
        share.open = dict.fromkeys(share.open, ZERO)
    for due in bill.dues:
        if due.open:
            due.open, due.met_date = ZERO, fact.date
