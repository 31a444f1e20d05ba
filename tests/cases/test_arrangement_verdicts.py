"""What kinds cost side by side, and the verdict of the ledger in any order of arrival."""

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.bills.queries import reconciliation
from apps.cases.domain import arrangements as rules
from apps.cases.domain import calculator, moves, offers
from apps.cases.domain.arrangements import ArrangementStatus, Money, Part
from apps.cases.domain.calculator import Debt
from apps.cases.queries import arrangements as queries
from tests.cases.conftest import NOON, TODAY
from tests.cases.test_arrangements import bounce, judged, owing
from tests.factories import arrangements as factory
from tests.factories import bills
from tests.factories.arrangements import asked

D = Decimal
DAY = dt.timedelta(1)
FIRST = TODAY + 7 * DAY
POLICY = offers.read(offers.SHIPPED)
pytestmark = pytest.mark.usefixtures("closed_until_yesterday")


def test_costs_side_by_side() -> None:
    debt = Debt(D("1000.00"), D("60.00"), D("40.00"), D("0.5"), D("0.5"))

    def quoted(kind: str, *more: Any, **options: Any) -> calculator.Quote:
        return calculator.quote(debt, asked(kind, FIRST, *more, **options), date=TODAY, grace_days=3)

    plan, settled, hardship = quoted("payment_plan", 2), quoted("settlement", 1, "400.00"), quoted("hardship_plan", 2)
    assert [(q.total, q.forgiven, q.late_fees_to_come, q.controlled) for q in (plan, settled, hardship)] == [
        (D("1100.00"), D("0.00"), D("11.25"), D("1100.00")),
        (D("700.00"), D("400.00"), D("5.00"), D("405.00")),
        (D("1060.00"), D("40.00"), D("20.50"), D("60.50")),
    ]
    assert [q.annual_cost > 0 for q in (plan, settled, hardship)] == [True, False, False]


PARTS = (Part(1, FIRST, D("500.00")), Part(2, FIRST + 31 * DAY, D("500.00")))
DAYS = st.integers(0, 45).map(lambda days: TODAY + days * DAY)
MONEY = st.lists(st.builds(Money, DAYS, st.sampled_from([D("100.00"), D("250.00"), D("500.00")])), max_size=8)


@given(MONEY, st.randoms(use_true_random=False), DAYS)
def test_the_verdict_does_not_depend_on_the_order_in_which_money_is_known(
    came: list[Money], random: Any, on: dt.date
) -> None:
    def judge(money: Sequence[Money]) -> ArrangementStatus:
        return rules.judge(PARTS, money, since=TODAY, on=on, grace_days=3)

    shuffled = random.sample(came, len(came))
    bounced = Money(on, D("500.00"))

    assert judge(shuffled) == judge(came)
    assert judge([*came, bounced, Money(on, D("-500.00"))]) == judge(came)


@given(MONEY, DAYS)
def test_an_arrangement_is_kept_exactly_where_every_payment_was_there_in_time(came: list[Money], on: dt.date) -> None:
    verdict = rules.judge(PARTS, came, since=TODAY, on=on, grace_days=3)

    known = [money for money in came if money.date <= on]
    first = sum(money.amount for money in known if money.date <= FIRST + 3 * DAY) >= 500
    whole = sum(money.amount for money in known) >= 1000
    if on >= FIRST + 3 * DAY and not first:
        assert verdict is ArrangementStatus.BREACHED
    elif whole:
        assert verdict in (ArrangementStatus.KEPT, ArrangementStatus.BREACHED)
        assert verdict is ArrangementStatus.KEPT or on >= FIRST + 34 * DAY
    else:
        assert verdict is (ArrangementStatus.BREACHED if on >= FIRST + 34 * DAY else ArrangementStatus.ACTIVE)


EVENTS = st.lists(
    st.tuples(st.sampled_from(["pay", "bounce", "close"]), st.integers(0, 44), st.sampled_from(["200.00", "500.00"])),
    max_size=8,
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_payments_reversals_and_closes_in_any_order_end_as_the_domain_says(
    closed_until_yesterday: None, events: list[tuple[str, int, str]]
) -> None:
    case = owing(reference=f"C-{uuid.uuid4().hex[:8]}")
    made = factory.signed(case, asked("settlement", FIRST, 2, "100.00"), at=NOON)
    for what, day, amount in events:
        if what == "pay":
            bills.paid(case.customer, TODAY + day * DAY, amount)
        elif what == "bounce":
            standing = case.customer.repayments.filter(status="booked").order_by("pk").first()
            if standing:
                bounce(standing)
        else:
            judged(TODAY + day * DAY)
    last = TODAY + 45 * DAY
    judged(last)

    made.refresh_from_db()
    came = queries.money_of(made, last)
    parts = queries.parts_of(made)
    assert made.status == rules.judge(parts, came, since=TODAY, on=last, grace_days=made.grace_days)
    assert made.received == sum((money.amount for money in came), D(0))
    forgiven = made.approval.waivers.filter(revocation=None)
    assert forgiven.exists() == (made.status == "kept" and made.received < made.debt)
    assert reconciliation.differences() == ()


def test_the_page_draws_states_and_offers_as_the_code_has_them() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "arrangements.md").read_text(encoding="utf-8")

    for table in (rules.MOVES, moves.PROMISE):
        for state, to in table.items():
            following = ", ".join(f"`{one}`" for one in sorted(to)) or "nothing"
            assert f"| `{state}` | {following} |" in page
    for offer in POLICY.offers:
        debt = "any" if offer.most_debt is None else f"{offer.most_debt:,.2f}"
        line = f"| {offer.from_day} | {debt} | {offer.most_forgiven:.0%} | {offer.most_months} |"
        assert f"| `{offer.kind}` | `{offer.role}` {line}" in page
