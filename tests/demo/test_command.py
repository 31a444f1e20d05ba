import datetime as dt
import json
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from apps.access.domain.approval import RequestStatus
from apps.access.models import ApprovalRequest
from apps.audit.queries import trail
from apps.bills.queries import reconciliation
from apps.cases.models import Case, Contact
from apps.closing.models import Day
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from apps.outreach.models import Message


def demo(*words: str) -> dict[str, float]:
    printed = StringIO()
    call_command("demo", "--no-serve", "--json", *words, stdout=printed)
    summary: dict[str, float] = json.loads(printed.getvalue())
    return summary


@time_machine.travel("2026-11-24T10:00:00+00:00")  # on some days nobody of so few has a late fee to ask for
def test_the_demo_is_a_living_book_that_goes_on_where_it_was(fresh_database: str) -> None:
    built = demo("--customers", "80", "--seed", "3", "--days", "40")

    assert (built["customers"], Day.objects.filter(status="closed").count()) == (80, 40)
    assert built["cases"] == Case.objects.count() > 0
    assert Contact.objects.exists()
    assert Message.objects.filter(status="sent").exists()
    assert ApprovalRequest.objects.filter(status=RequestStatus.REQUESTED).exists()
    assert reconciliation.reconcile().differences == ()
    assert trail.unattributed_count() == 0

    again = demo()

    assert {**again, "seconds": 0} == {**built, "seconds": 0}
    with pytest.raises(Refused, match="built with --seed 3 --customers 80"):
        demo("--seed", "4")


def test_the_demo_does_not_mix_with_a_real_book(fresh_database: str) -> None:
    Customer.objects.create(reference="C-1", name="Real", joined_date=dt.date(2026, 1, 1))

    for words in ((), ("--fresh",)):
        with pytest.raises(Refused, match="real book"):
            demo(*words)

    assert Customer.objects.count() == 1


def test_starting_over_throws_the_old_book_away(fresh_database: str) -> None:
    old = Customer.objects.create(reference="DEMO-00009", name="Old", joined_date=dt.date(2026, 1, 1))

    built = demo("--customers", "2", "--days", "2", "--fresh")

    assert built["customers"] == 2
    assert not Customer.objects.filter(reference=old.reference).exists()
