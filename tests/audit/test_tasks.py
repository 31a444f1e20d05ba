import datetime as dt

import pytest

from apps.audit import tasks
from apps.customers.models import Customer


@pytest.mark.django_db
def test_a_change_that_no_operation_accounts_for_is_cried_out(caplog: pytest.LogCaptureFixture) -> None:
    assert tasks.watch() == 0
    assert caplog.messages == []

    Customer.objects.create(reference="C-1", name="Amber Fig", joined_date=dt.date(2026, 1, 1))

    assert tasks.watch() == 1
    assert caplog.messages == ["1 changes in the book belong to no operation."]
