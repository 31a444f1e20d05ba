"""The sentences of our refusals."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.cases.domain.promises import Fault, Limits


def promise_fault(
    fault: Fault,
    *,
    amount: Decimal,
    date: dt.date,
    owed: Decimal,
    business_date: dt.date,
    within_days: int,
    limits: Limits,
    hold: str,
) -> str:
    """Why a promise is refused."""
    facts = {"amount": amount, "date": date, "owed": owed, "today": business_date, "days": within_days}
    counts = {"made": limits.made, "broken": limits.broken}
    match fault:
        case Fault.ANOTHER_OPEN:
            return _("There is an open promise already; it is judged first.")
        case Fault.NOTHING:
            return _("A promise is for an amount above zero.")
        case Fault.ABOVE_OWED:
            return _("%(amount)s is more than the %(owed)s that is owed.") % facts
        case Fault.IN_THE_PAST:
            return _("%(date)s is in the past: the business date is %(today)s.") % facts
        case Fault.TOO_FAR:
            return _("A promise is for %(days)s days ahead at most.") % facts
        case Fault.TOO_MANY:
            return _("There were %(made)s promises in a year already: propose an arrangement.") % counts
        case Fault.TOO_MANY_BROKEN:
            return _("%(broken)s promises were broken in a year: a team lead takes the next one.") % counts
        case Fault.ARRANGED:
            return _("A signed arrangement says what is paid when: it stands until it is kept or breached.")
        case Fault.HELD:
            return _("Hold %(hold)s stops collection: a promise waits until it is lifted.") % {"hold": hold}
