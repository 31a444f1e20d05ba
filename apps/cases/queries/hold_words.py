"""What the words of holds are called on a screen."""

from django.utils.translation import gettext_lazy as _

from apps.cases.domain.holds import KINDS, Fault, HoldKind, HoldStatus, Placer, Stop
from apps.cases.queries.labels import Words
from apps.core.registry import Text, Word
from apps.core.texts import gettext

HOLD_KINDS: Words = {
    HoldKind.DISPUTE: Word(_("Dispute"), "warning"),
    HoldKind.HARDSHIP: Word(_("Hardship"), "warning"),
    HoldKind.BREATHING_SPACE: Word(_("Breathing space"), "warning"),
    HoldKind.ADVISER: Word(_("A debt adviser helps"), "warning"),
    HoldKind.BANKRUPTCY: Word(_("Bankruptcy"), "bad"),
    HoldKind.DECEASED: Word(_("The customer died"), "bad"),
    HoldKind.FRAUD: Word(_("Claimed fraud"), "bad"),
    HoldKind.COMPLAINT: Word(_("Complaint"), "warning"),
    HoldKind.BROKEN_CONTACT: Word(_("Cannot be reached"), "warning"),
    HoldKind.ARRANGEMENT: Word(_("Arrangement"), "info"),
}
HOLD_STATUSES: Words = {
    HoldStatus.IN_FORCE: Word(_("In force"), "warning"),
    HoldStatus.LIFTED: Word(_("Lifted")),
    HoldStatus.EXPIRED: Word(_("Run out")),
}
STOPS: Words = {
    Stop.CONTACTS: Word(_("Contacts by us")),
    Stop.TASKS: Word(_("Tasks")),
    Stop.MESSAGES: Word(_("Messages of the strategy")),
    Stop.CLOCK: Word(_("The clock of stages")),
    Stop.FEES: Word(_("Days past due and late fees")),
}
PLACERS: Words = {
    Placer.AGENT: Word(_("Whoever places holds")),
    Placer.DECIDER: Word(_("Whoever decides holds")),
    Placer.SYSTEM: Word(_("The system alone")),
}
REASONS: Words = {  # of the gate, one for each kind that stops contacts
    "hold-dispute": Word(_("The debt is disputed: the customer is not contacted until the dispute is decided.")),
    "hold-hardship": Word(_("The customer is in hardship: a hold lets nobody contact them.")),
    "hold-breathing_space": Word(_("The customer has breathing space: nobody contacts them about the debt.")),
    "hold-adviser": Word(_("A debt adviser is helping the customer: nobody contacts them meanwhile.")),
    "hold-bankruptcy": Word(_("The customer is bankrupt: nobody contacts them about the debt.")),
    "hold-deceased": Word(_("The customer has died: nobody is contacted.")),
    "hold-fraud": Word(_("The customer claims fraud: nobody contacts them until it is looked into.")),
    "hold-complaint": Word(_("A complaint is being answered: nobody contacts the customer meanwhile.")),
}
WORDS: dict[str, Words] = {
    "hold_kind": HOLD_KINDS,
    "hold": HOLD_STATUSES,
    "stop": STOPS,
    "placer": PLACERS,
    "gate_reason": REASONS,
}


def kind(code: str) -> Text:
    """The kind's name."""
    return HOLD_KINDS[code].label


def fault(found: Fault, of: HoldKind, days: int | None) -> str:
    """Why a hold cannot last as asked."""
    words = {"days": days, "default": KINDS[of].default, "longest": KINDS[of].longest}
    match found:
        case Fault.TOO_SHORT:
            return gettext("A hold lasts a day at least, not %(days)s.") % words
        case Fault.TOO_LONG:
            return gettext("Such a hold lasts %(longest)s days at most, extensions included.") % words
        case Fault.FIXED:
            return gettext("Such a hold lasts %(default)s days, neither more nor fewer.") % words
        case Fault.OPEN:
            return gettext("This hold is open: it lasts until it is lifted, and needs no more days.")
        case Fault.NOT_EXTENDABLE:
            return gettext("Such a hold is not extended; lift it, or place one of another kind.")
