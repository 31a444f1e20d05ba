"""Papers about a customer that leave the house: each is kept in the trail."""

import datetime as dt
import hashlib

from apps.audit import actions as audit
from apps.bills.queries.standing import Standing
from apps.core.domain.actor import Actor


def issue(*, standing: Standing, form: str, language: str, paper: bytes, by: Actor, at: dt.datetime) -> int:
    """Record that a statement is handed out, printed or as a PDF, and the digest of what was handed out."""
    customer = standing.customer
    return audit.record(
        "bills.issue_statement",
        by=by,
        at=at,
        on=customer,
        sentence=f"Issued a statement of {customer.reference} as of {standing.date} ({form}).",
        detail={
            "date": standing.date.isoformat(),
            "from": standing.since.isoformat() if standing.since else "",
            "known_at": standing.known_at.isoformat() if standing.known_at else "",
            "form": form,
            "language": language,
            "sha256": hashlib.sha256(paper).hexdigest(),
        },
    )
