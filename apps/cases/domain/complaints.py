"""A customer's complaint: what it is about, who may handle it, by when it is answered, and what came of it."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from apps.cases.domain.moves import Moves


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class ComplaintChannel(StrEnum):
    """How it came to us."""

    CALL = "call"
    LETTER = "letter"
    EMAIL = "email"
    APP = "app"
    CHAT = "chat"
    REGULATOR = "regulator"
    OTHER = "other"


class Topic(StrEnum):
    """What it is about."""

    CONDUCT = "conduct"
    FREQUENCY = "frequency"
    THIRD_PARTY = "third_party"
    PRIVACY = "privacy"
    AMOUNT = "amount"
    FEES = "fees"
    BUREAU_RECORD = "bureau_record"
    SERVICE = "service"
    OTHER = "other"


class Finding(StrEnum):
    """What the answer says of it."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


class RootCause(StrEnum):
    """Why it came to it, found by the handler; `none` where nothing of ours was wrong."""

    PERSON = "person"
    STRATEGY = "strategy"
    WORDING = "wording"
    DATA = "data"
    SYSTEM = "system"
    PRODUCT = "product"
    SUPPLIER = "supplier"
    NONE = "none"


class Term(StrEnum):
    """How long the answer may take."""

    STANDARD = "standard"
    COMPLEX = "complex"
    EXTENDED = "extended"  # by an approval


class Interest(StrEnum):
    """Why somebody may not handle a complaint."""

    SUBJECT = "complaint_subject"
    REPORTS_TO_SUBJECT = "complaint_reports_to_subject"
    BOSS_OF_SUBJECT = "complaint_boss_of_subject"
    WORKED_CASE = "complaint_worked_case"
    OWN_ACCOUNT = "own_account"


DAYS: dict[Term, int] = {Term.STANDARD: 15, Term.COMPLEX: 30, Term.EXTENDED: 60}
AHEAD = 3  # days before its due date from which a complaint is urgent

MOVES: Moves[ComplaintStatus] = {
    ComplaintStatus.OPEN: frozenset({ComplaintStatus.ANSWERED, ComplaintStatus.WITHDRAWN}),
    ComplaintStatus.ANSWERED: frozenset({ComplaintStatus.OPEN}),  # the customer does not accept the answer
    ComplaintStatus.WITHDRAWN: frozenset(),
}
LONGER: Moves[Term] = {
    Term.STANDARD: frozenset({Term.COMPLEX, Term.EXTENDED}),
    Term.COMPLEX: frozenset({Term.EXTENDED}),
    Term.EXTENDED: frozenset(),
}


def due_date(received: dt.date, term: Term) -> dt.date:
    """The last day for the answer: calendar days from the one on which it was received."""
    return received + dt.timedelta(DAYS[term])


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who might handle a complaint, by keys."""

    person: int
    superiors: Collection[int]
    customer_reference: str = ""


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom and what a complaint touches, by keys."""

    customer_reference: str
    subject: int | None
    superior_of_subject: int | None
    worked: Collection[int]  # whoever owned its case, had a task in it or spoke with the customer


def interest(candidate: Candidate, concern: Concern) -> Interest | None:
    """Why this person has an interest in how the complaint ends, if they have one."""
    if candidate.customer_reference and candidate.customer_reference == concern.customer_reference:
        return Interest.OWN_ACCOUNT
    if concern.subject is not None:
        if candidate.person == concern.subject:
            return Interest.SUBJECT
        if concern.subject in candidate.superiors:
            return Interest.REPORTS_TO_SUBJECT
        if candidate.person == concern.superior_of_subject:
            return Interest.BOSS_OF_SUBJECT
    return Interest.WORKED_CASE if candidate.person in concern.worked else None
