"""Which customers each person sees: the whole book, a slice of it, what is placed with an agency, never one's own."""

import datetime as dt

import pytest

from apps.access.domain.scope import Scope, Standing, scope_of
from apps.access.models import User
from apps.access.queries import approvals
from apps.bills.queries import bills, month_ends, suspense
from apps.customers import queries
from apps.customers.models import Customer
from apps.customers.queries import walls
from tests.factories import access, customers
from tests.factories import bills as booked
from tests.factories import walls as factory

pytestmark = pytest.mark.django_db


def seen_by(user: User) -> set[str]:
    found = queries.visible_to(User.objects.get(pk=user.pk))
    return set(found.values_list("reference", flat=True))


@pytest.mark.parametrize(
    ("roles", "told", "scope"),
    [
        ({"agent"}, {}, Scope()),
        ({"auditor"}, {}, Scope(Standing.AUDITOR)),
        ({"agent"}, {"products": ("order",)}, Scope(products=("order",))),
        ({"agency_agent"}, {}, Scope(Standing.NOBODY)),
        (set(), {}, Scope(Standing.NOBODY)),
        ({"agency_agent"}, {"agency": 3}, Scope(Standing.AGENCY, 3)),
        ({"agency_agent"}, {"agency": 3, "is_listed": False}, Scope(Standing.NOBODY)),
        ({"manager"}, {"agency": 3}, Scope(Standing.AGENCY, 3)),
        ({"manager"}, {"own_account": "C-1"}, Scope(own_account="C-1")),
    ],
)
def test_the_narrowest_scope_holds(roles: set[str], told: dict[str, object], scope: Scope) -> None:
    told = {"agency": None, "is_listed": True, "products": (), "own_account": ""} | told

    assert scope_of(frozenset(roles), **told) == scope  # type: ignore[arg-type]


def test_each_sees_their_part_of_the_book() -> None:
    terms = booked.terms()
    mine, other, bare = customers.customer(), customers.customer(), customers.customer()
    booked.bought(mine, terms, dt.date(2026, 4, 1), "100.00")
    bill = booked.bought(other, terms, dt.date(2026, 4, 1), "100.00")
    factory.placed(other, factory.agency())
    whole = {mine.reference, other.reference, bare.reference}
    sliced = access.person("sena", team=factory.team("orders", terms.product.code))
    gina = factory.agent(factory.agency())

    assert seen_by(access.person("anna")) == seen_by(access.person("otto")) == whole
    assert seen_by(access.person("leo", customer_reference=mine.reference)) == whole - {mine.reference}
    assert seen_by(sliced) == {mine.reference, other.reference}
    assert seen_by(gina) == {other.reference}
    assert seen_by(access.person("gus", role="agency_agent")) == set()
    assert list(bills.visible_to(gina)) == [bill]
    assert (walls.sees(gina, other), walls.sees(gina, mine.pk)) == (True, False)


def test_an_agency_sees_no_rows_of_no_customer_and_no_sums() -> None:
    gina = factory.agent(factory.agency())
    placed = customers.customer()
    request = factory.placed(placed, factory.agency()).approval

    assert not suspense.visible_to(gina).exists()
    assert month_ends.kept(gina) == []
    assert list(walls.requests(type(request).objects.all(), gina)) == [request]
    assert list(approvals.visible_to(gina)) == []  # without the permission only their own


def test_requests_about_ones_own_account_are_hidden_from_whoever_might_decide_them() -> None:
    own = customers.customer()
    request = factory.placed(own, factory.agency()).approval

    assert list(approvals.visible_to(access.person("maya"))) == [request]
    assert list(approvals.visible_to(access.person("maya", customer_reference=own.reference))) == []
    assert Customer.objects.count() == 1
