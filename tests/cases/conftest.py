import datetime as dt

import pytest

from apps.access.models import User
from apps.cases.models import Case
from apps.closing.models import Day
from tests.factories import access, bills
from tests.factories import cases as factory
from tests.factories.customers import reachable

TODAY = dt.date(2026, 5, 11)  # the business date; noon in Shanghai:
NOON = dt.datetime(2026, 5, 11, 4, tzinfo=dt.UTC)


@pytest.fixture
def anna(db: None) -> User:
    return access.person("anna")


@pytest.fixture
def closed_until_yesterday(db: None) -> None:
    Day.objects.create(date=TODAY - dt.timedelta(1), status="closed", partitions=1, started_at=NOON, closed_at=NOON)


@pytest.fixture
def case(closed_until_yesterday: None) -> Case:
    """Owes 1000.00 since 5 May; opened yesterday."""
    customer = reachable(reference="C-1")
    bills.bought(customer, bills.terms(), dt.date(2026, 4, 5), "1000.00")
    return factory.case(customer, opened=TODAY - dt.timedelta(1), oldest_due_date=dt.date(2026, 5, 5))
