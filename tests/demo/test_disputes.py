"""What the demo's calls lead to."""

import datetime as dt
from random import Random

import pytest

from apps.cases.models import Dispute, Hold
from apps.demo.management import disputes
from tests.factories import access
from tests.factories import cases as factory

AT = dt.datetime(2026, 5, 11, 4, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_a_dispute_and_a_hardship_are_followed_and_the_dispute_is_decided_after_some_days() -> None:
    anna, leo = access.person("anna"), access.person("leo")
    for outcome in ("hardship", "dispute", "no_answer"):
        disputes.follow(contact=factory.contact(factory.case(), outcome=outcome), agent=anna, at=AT)
    assert sorted(Hold.objects.values_list("kind", flat=True)) == ["dispute", "hardship"]

    received = Dispute.objects.get().received_date
    disputes.decide(chance=Random(1), date=received + dt.timedelta(5), lead=leo, at=AT)
    assert Dispute.objects.get().ended_date is None
    disputes.decide(chance=Random(1), date=received + dt.timedelta(6), lead=leo, at=AT)
    assert Dispute.objects.get().ended_by == leo
