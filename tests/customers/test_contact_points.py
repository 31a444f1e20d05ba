"""Contact points: added once, agreed to, given up."""

import datetime as dt

import pytest

from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.actions import contact_points
from apps.customers.domain.contact import ContactKind
from tests.factories.customers import contact_point, customer

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
BY = System("tests")


def test_a_contact_point_is_added_without_consent_unless_it_was_given() -> None:
    made = contact_points.add(customer=customer(), kind=ContactKind.EMAIL, value=" a@b.example ", by=BY, at=AT)

    assert (made.value.clear, made.is_valid, made.consented_date) == ("a@b.example", True, None)


def test_the_same_contact_point_twice_is_refused() -> None:
    point = contact_point(customer())

    with pytest.raises(Refused) as refusal:
        contact_points.add(customer=point.customer, kind=ContactKind.PHONE, value=point.value.clear, by=BY, at=AT)

    assert refusal.value.code == "contact_point_exists"


def test_consent_is_noted_and_withdrawn() -> None:
    point = contact_point(customer(), consented_date=None)

    contact_points.agree(point=point, date=AT.date(), by=BY, at=AT)
    point.refresh_from_db()
    assert point.consented_date == AT.date()

    contact_points.withdraw(point=point, by=BY, at=AT)
    point.refresh_from_db()
    assert (point.consented_date, point.is_valid) == (None, True)


def test_a_wrong_number_is_given_up_and_stays() -> None:
    point = contact_point(customer())

    contact_points.give_up(point=point, by=BY, at=AT)

    point.refresh_from_db()
    assert not point.is_valid
