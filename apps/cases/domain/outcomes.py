"""What an outcome says about the contact."""

from apps.cases.domain.status import Outcome

RIGHT_PARTY = frozenset(
    {Outcome.RIGHT_PARTY, Outcome.PROMISE, Outcome.REFUSED_TO_PAY, Outcome.DISPUTE, Outcome.HARDSHIP, Outcome.CALL_BACK}
)  # we spoke with the customer
ANSWERED = RIGHT_PARTY | {Outcome.WRONG_PARTY}  # somebody picked up


def reached_customer(outcome: Outcome) -> bool:
    """Whether the customer was spoken with: a right-party contact."""
    return outcome in RIGHT_PARTY


def was_connected(outcome: Outcome) -> bool:
    """Whether a call was answered, by whomever."""
    return outcome in ANSWERED
