"""What the words of complaints are called on a screen."""

from django.utils.translation import gettext_lazy as _

from apps.cases.domain.complaints import ComplaintChannel, ComplaintStatus, Finding, RootCause, Term, Topic
from apps.cases.queries.labels import Words
from apps.core.registry import Word

STATUSES: Words = {
    ComplaintStatus.OPEN: Word(_("Open"), "info"),
    ComplaintStatus.ANSWERED: Word(_("Answered"), "good"),
    ComplaintStatus.WITHDRAWN: Word(_("Taken back")),
}
CHANNELS: Words = {
    ComplaintChannel.CALL: Word(_("Telephone")),
    ComplaintChannel.LETTER: Word(_("Letter")),
    ComplaintChannel.EMAIL: Word(_("E-mail")),
    ComplaintChannel.APP: Word(_("App")),
    ComplaintChannel.CHAT: Word(_("WeChat or QQ")),
    ComplaintChannel.REGULATOR: Word(_("Regulator"), "warning"),
    ComplaintChannel.OTHER: Word(_("Another way")),
}
TOPICS: Words = {
    Topic.CONDUCT: Word(_("How somebody behaved"), "warning"),
    Topic.FREQUENCY: Word(_("Too often, or at a bad time"), "warning"),
    Topic.THIRD_PARTY: Word(_("Family, friends or employer were contacted"), "bad"),
    Topic.PRIVACY: Word(_("Personal data"), "bad"),
    Topic.AMOUNT: Word(_("The amount owed")),
    Topic.FEES: Word(_("Fees and interest")),
    Topic.BUREAU_RECORD: Word(_("The record at the credit bureau"), "warning"),
    Topic.SERVICE: Word(_("Service")),
    Topic.OTHER: Word(_("Something else")),
}
TERMS: Words = {
    Term.STANDARD: Word(_("15 days")),
    Term.COMPLEX: Word(_("30 days: complex"), "info"),
    Term.EXTENDED: Word(_("60 days: approved"), "warning"),
}
FINDINGS: Words = {
    Finding.UPHELD: Word(_("Upheld"), "bad"),
    Finding.PARTLY_UPHELD: Word(_("Partly upheld"), "warning"),
    Finding.NOT_UPHELD: Word(_("Not upheld")),
}
ROOT_CAUSES: Words = {
    RootCause.PERSON: Word(_("What somebody did")),
    RootCause.STRATEGY: Word(_("The strategy")),
    RootCause.WORDING: Word(_("The wording of a message")),
    RootCause.DATA: Word(_("Wrong or old data")),
    RootCause.SYSTEM: Word(_("A fault of the system")),
    RootCause.PRODUCT: Word(_("The conditions of the product")),
    RootCause.SUPPLIER: Word(_("A supplier or agency")),
    RootCause.NONE: Word(_("Nothing of ours")),
}
WORDS: dict[str, Words] = {
    "complaint": STATUSES,
    "complaint_channel": CHANNELS,
    "topic": TOPICS,
    "complaint_term": TERMS,
    "finding": FINDINGS,
    "root_cause": ROOT_CAUSES,
}
