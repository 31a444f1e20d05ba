"""What the words of arrangements are called on a screen."""

from django.utils.translation import gettext_lazy as _

from apps.cases.domain.arrangements import ArrangementKind, ArrangementStatus, Signature
from apps.cases.queries.labels import Words
from apps.core.registry import Word

KINDS: Words = {
    ArrangementKind.PAYMENT_PLAN: Word(_("Payment plan")),
    ArrangementKind.SETTLEMENT: Word(_("Settlement"), "warning"),
    ArrangementKind.RE_AGE: Word(_("Re-age")),
    ArrangementKind.HARDSHIP_PLAN: Word(_("Hardship plan"), "info"),
}
STATUSES: Words = {
    ArrangementStatus.PROPOSED: Word(_("Proposed"), "info"),
    ArrangementStatus.APPROVED: Word(_("Waits for the signature"), "warning"),
    ArrangementStatus.ACTIVE: Word(_("Signed"), "good"),
    ArrangementStatus.KEPT: Word(_("Kept"), "good"),
    ArrangementStatus.BREACHED: Word(_("Breached"), "bad"),
    ArrangementStatus.REJECTED: Word(_("Rejected"), "bad"),
    ArrangementStatus.WITHDRAWN: Word(_("Taken back")),
    ArrangementStatus.EXPIRED: Word(_("Expired")),
    ArrangementStatus.VOID: Word(_("Void")),
}
SIGNATURES: Words = {
    Signature.LINK: Word(_("By a link")),
    Signature.RECORDING: Word(_("In a recorded call")),
}
FACTS: Words = {  # what a request for an arrangement rests on, beside what other requests do
    "arrangement": Word(_("Arrangement")),
    "bills": Word(_("Bills")),
    "days_past_due": Word(_("Days past due")),
    "debt": Word(_("Debt")),
    "forgiven": Word(_("Forgiven")),
    "late_fees_to_come": Word(_("Late fees to come")),
    "total": Word(_("To pay in all")),
    "payments": Word(_("Payments")),
    "first_payment_date": Word(_("First payment")),
    "last_payment_date": Word(_("Last payment")),
    "annual_cost": Word(_("Cost a year, everything included")),
    "arrangement_kind": Word(_("Kind")),
}
WORDS: dict[str, Words] = {
    "arrangement": STATUSES,
    "arrangement_kind": KINDS,
    "signature": SIGNATURES,
    "fact": FACTS,
    "fact.arrangement_kind": KINDS,
}
