"""What the words of disputes are called on a screen."""

from django.utils.translation import gettext_lazy as _

from apps.cases.domain.disputes import DisputeStatus, Ground
from apps.cases.queries.labels import Words
from apps.core.registry import Word

DISPUTES: Words = {
    DisputeStatus.RECEIVED: Word(_("Newly received"), "info"),
    DisputeStatus.EVIDENCE_WANTED: Word(_("Evidence wanted"), "warning"),
    DisputeStatus.UNDER_REVIEW: Word(_("Under review"), "info"),
    DisputeStatus.UPHELD: Word(_("Upheld"), "bad"),
    DisputeStatus.PARTLY_UPHELD: Word(_("Partly upheld"), "warning"),
    DisputeStatus.REJECTED: Word(_("Rejected")),
    DisputeStatus.WITHDRAWN: Word(_("Taken back")),
}
GROUNDS: Words = {
    Ground.NOT_MINE: Word(_("Not mine")),
    Ground.NOT_DELIVERED: Word(_("Not delivered")),
    Ground.WRONG_AMOUNT: Word(_("The amount is wrong")),
    Ground.PAID_ALREADY: Word(_("Paid already")),
    Ground.QUALITY: Word(_("The goods are not as agreed")),
    Ground.OTHER: Word(_("Something else")),
}
WORDS: dict[str, Words] = {"dispute": DISPUTES, "ground": GROUNDS}
