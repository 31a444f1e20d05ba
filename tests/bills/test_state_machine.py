"""Whatever is done to an account in whatever order, every invariant of the ledger holds after each step.

`--hypothesis-profile=long` walks further.
"""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.bills.walks.decisions import Decisions
from tests.bills.walks.money import Money
from tests.conftest import LONG


class Ledger(Money, Decisions):
    """Two customers, whose accounts are worked on by the product's own actions while days are closed."""


def test_every_invariant_holds_after_every_step(db: None) -> None:
    steps = (
        settings.get_profile(LONG)
        if settings.get_current_profile_name() == LONG
        else settings(max_examples=4, stateful_step_count=16, phases=(Phase.generate,))  # shrinking takes minutes
    )
    run_state_machine_as_test(Ledger, settings=settings(steps, deadline=None, suppress_health_check=list(HealthCheck)))
