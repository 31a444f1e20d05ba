"""Two customers, days that close, and what must hold after every step."""

import contextlib
import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import pytest
from django.db import transaction
from django.db.models import Model, QuerySet
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from apps.access.actions import approvals
from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.audit.queries import trail
from apps.bills.actions import posting
from apps.bills.domain.aging import bucket
from apps.bills.domain.kinds import Mode
from apps.bills.models import (
    Account,
    Instalment,
    LedgerEntry,
    Pause,
    ProductTerms,
    Repayment,
)
from apps.bills.queries import reconciliation, standing
from apps.closing import queries as closing
from apps.closing.actions import days
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.models import Customer
from tests.factories import access, bills, customers

FIRST = dt.date(2026, 3, 1)
ZERO = Decimal(0)
cents = st.integers(1, 60_000).map(lambda n: Decimal(n) / 100)
ago = st.integers(0, 75)
which = st.integers(0, 30)
share = st.sampled_from((1, 30, 100))  # of a hundred
Row = TypeVar("Row", bound=Model)


class Walk(RuleBasedStateMachine):
    """Two customers, whose accounts are worked on by the product's own actions while days are closed."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = 0
        self.atomic = transaction.atomic()
        self.atomic._from_testcase = True  # type: ignore[attr-defined]  # as pytest's own: operations may be outermost
        self.atomic.__enter__()
        self.at = bills.AT

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def reference(self, letter: str) -> str:
        self.numbers += 1
        return f"{letter}-{self.numbers}"

    @property
    def today(self) -> dt.date:
        return closing.business_date(FIRST)

    def day(self, ago: int) -> dt.date:
        return max(FIRST, self.today - dt.timedelta(ago))

    def customer(self, second: bool) -> Customer:
        return self.customers[second]

    @initialize()
    def arrange(self) -> None:
        with audit.operation("test.arrange", by=bills.BY, at=self.at):
            access.cast()
            self.terms: dict[Mode, ProductTerms] = {
                Mode.ORDER: bills.terms(
                    deferred_days=10, monthly_fee_rate=Decimal("0.005"), late_fee_daily_rate=Decimal("0.0005")
                ),
                Mode.STATEMENT: bills.terms(
                    Mode.STATEMENT,
                    statement_day=5,
                    late_fee_daily_rate=Decimal("0.0005"),
                    revolving_daily_rate=Decimal("0.0005"),
                ),
            }
            self.customers = [customers.customer(), customers.customer()]
            for mine in self.customers:
                bills.bought(mine, self.terms[Mode.ORDER], FIRST, "100.00")
        self.maker = User.objects.get(username="anna")
        self.close_through(FIRST + dt.timedelta(20))

    def agree(self, asked: ApprovalRequest) -> None:
        """Let everybody whom the rule names say yes."""
        for username in ("leo", "maya", "dora", "rita"):
            asked.refresh_from_db()
            if asked.status != RequestStatus.REQUESTED:
                break
            with contextlib.suppress(Forbidden, Refused):
                approvals.decide(
                    reference=asked.reference,
                    verdict=Verdict.APPROVE,
                    by=User.objects.get(username=username),
                    at=self.at,
                )
        asked.refresh_from_db()
        assert asked.status == RequestStatus.APPROVED

    @rule(count=st.integers(1, 12))
    def close_days(self, count: int) -> None:
        through = self.today + dt.timedelta(count - 1)
        assume(through < bills.AT.date())
        self.close_through(through)

        for account in Account.objects.all():
            late = self.days_past_due(account, through)
            assert account.bucket == bucket(late)
            assert (through - account.late_since_date).days == late if account.late_since_date else late == 0

    def close_through(self, date: dt.date) -> None:
        days.close_through(date, partitions=1, since=FIRST + dt.timedelta(20), by=bills.BY, at=self.at)

    def days_past_due(self, account: Account, on: dt.date) -> int:
        """The days past due, counted one by one: those since the oldest due not met in which nothing paused."""
        dues = Instalment.objects.filter(customer=account.customer_id, due_date__lt=on)
        late = [due.due_date for due in dues if due.met_date is None or due.met_date > on]
        spans = [pause.span for pause in Pause.objects.filter(customer=account.customer_id, cancelled_at=None)]
        since = (min(late) + dt.timedelta(n + 1) for n in range((on - min(late)).days)) if late else ()
        return sum(not any(span.holds(day) for span in spans) for day in since)

    @invariant()
    def the_book_reconciles(self) -> None:
        assert reconciliation.differences() == ()
        assert reconciliation.is_whole()

    @invariant()
    def the_ledger_is_what_the_facts_say_in_order(self) -> None:
        with audit.operation("test.post", by=bills.BY, at=self.at):
            assert (
                posting.post(
                    customers=list(Account.objects.values_list("customer_id", flat=True)), by=bills.BY, at=self.at
                )
                == 0
            )

    @invariant()
    def a_statement_of_any_day_ties_to_the_ledger(self) -> None:
        entries = self.size()[1]
        for customer in Customer.objects.filter(pk=self.customers[entries % 2].pk).select_related("account"):
            found = standing.of(access.person("otto"), customer, date=self.day(entries % 40))
            assert found.is_whole
            assert found.balance == sum(found.open.values(), -found.credit)

    @invariant()
    def no_share_is_above_its_due(self) -> None:
        for due in Instalment.objects.all():
            assert ZERO <= due.open_amount <= due.amount

    @invariant()
    def everything_is_attributed(self) -> None:
        assert trail.unattributed_count() == 0

    def size(self) -> tuple[int, int]:
        return Repayment.objects.count(), LedgerEntry.objects.count()

    def refused(self, act: Callable[[], object]) -> None:
        """It is refused, and leaves no trace in the ledger."""
        before = self.size()
        with pytest.raises(Refused):
            act()
        assert self.size() == before


def nth(rows: QuerySet[Row], which: int) -> Row:
    """One of the rows."""
    found = list(rows)
    return found[which % len(found)]


def part(amount: Decimal, share: int) -> Decimal:
    """So many hundredths of an amount, a cent at least where there is one."""
    return min(amount, max((amount * share / 100).quantize(Decimal("0.01")), Decimal("0.01")))
