"""Row-level security: who is behind which wall, and that it stands in every kind of transaction."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from apps.access.actions import policies
from apps.access.actions.walls import Wall
from apps.access.domain.scope import Scope, Standing
from apps.access.models import User
from apps.access.queries import policies as queries
from apps.access.queries import scopes
from apps.audit import actions as audit
from apps.core.api import exception_handler
from apps.core.domain.actor import System
from apps.core.middleware import Refusals
from apps.customers.models import ContactPoint, Customer
from tests.factories import access, bills, cases, customers, walls

BY = System("tests")


def asked(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def references() -> set[str]:
    return {reference for (reference,) in asked("SELECT reference FROM customers_customer")}


def behind(user: User) -> Any:
    user = User.objects.get(pk=user.pk)
    return Wall.around(scopes.of(user), user.pk)


@pytest.fixture
def placed(db: None) -> Customer:
    """One of two customers is placed with an agency."""
    customers.customer(reference="C-OTHER")
    made = customers.customer(reference="C-PLACED")
    walls.placed(made, walls.agency())
    return made


@pytest.fixture
def committed(fresh_database: str) -> Iterator[Customer]:
    """The same, for transactions of their own."""
    customers.customer(reference="C-OTHER")
    made = customers.customer(reference="C-PLACED")
    walls.placed(made, walls.agency())
    yield made
    connections.close_all()


def test_every_table_that_hangs_on_a_customer_is_behind_walls() -> None:
    assert queries.unwalled() == []


@pytest.mark.django_db
def test_the_database_has_the_policies_that_the_models_ask_for() -> None:
    installed = queries.installed(connection)

    assert installed == {
        wall.table: {name for name, _ in wall.policies("a", "b", "c")} for wall in queries.walled().values()
    }
    assert {"customers_customer", "bills_ledgerentry", "cases_contact", "outreach_message"} <= installed.keys()
    assert all(queries.noted(connection)[table] for table in installed)


def test_a_policy_that_somebody_dropped_comes_back(fresh_database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP POLICY walls_see ON bills_bill; CREATE POLICY walls_mine ON bills_bill USING (true)")

    assert policies.sync(by=BY, at=timezone.now()) == ["bills_bill"]
    assert policies.sync(by=BY, at=timezone.now()) == []
    connections.close_all()


def test_raw_sql_sees_what_is_placed_and_no_more(placed: Customer) -> None:
    gina = walls.agent(walls.agency())

    with behind(gina):
        assert references() == {"C-PLACED"}
        assert asked("SELECT count(*) FROM access_approvalrequest") == [(1,)]
        assert asked("SELECT count(*) FROM bills_suspenseitem") == [(0,)]
    with Wall.around():
        assert references() == set()
    assert references() == {"C-PLACED", "C-OTHER"}


def test_an_agency_changes_nothing_that_it_does_not_see(placed: Customer) -> None:
    gina, other = walls.agent(walls.agency()), Customer.objects.get(reference="C-OTHER")
    case = cases.case(other)

    with behind(gina):
        assert Customer.objects.update(language="en") == 1
        for write in (
            lambda: customers.contact_point(other),
            lambda: ContactPoint.objects.bulk_create([ContactPoint(customer=other, kind="phone", value="1")]),
            lambda: cases.task(case),
        ):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                write()
        customers.contact_point(placed)
    assert set(Customer.objects.values_list("reference", "language")) == {("C-PLACED", "en"), ("C-OTHER", "zh-hans")}


def test_an_auditor_sees_everything_and_changes_nothing(placed: Customer) -> None:
    with behind(access.person("otto")):
        assert references() == {"C-PLACED", "C-OTHER"}
        assert Customer.objects.update(language="en") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            customers.contact_point(placed)


def test_own_accounts_and_other_slices_are_behind_walls_too(placed: Customer) -> None:
    terms = bills.terms()
    bills.bought(placed, terms, cases.AT.date(), "100.00")
    sena = access.person("sena", team=walls.team("orders", terms.product.code))

    with behind(access.person("leo", customer_reference="C-OTHER")):
        assert references() == {"C-PLACED"}
    with behind(sena):
        assert references() == {"C-PLACED"}
    with Wall.around(Scope(products=("none",))):
        assert references() == set()


def test_somebody_with_a_slice_works_in_it_as_ever(committed: Customer) -> None:
    terms = bills.terms()
    bill = bills.bought(committed, terms, cases.AT.date(), "100.00")
    other = Customer.objects.get(reference="C-OTHER")

    with behind(access.person("sena", team=walls.team("orders", terms.product.code))):
        bills.paid(committed, cases.AT.date(), "10.00")
        with pytest.raises(ProgrammingError, match="row-level security"):
            bills.paid(other, cases.AT.date(), "10.00")

    bill.refresh_from_db()
    assert (bill.open_principal, asked("SELECT count(*) FROM bills_repayment")) == (90, [(1,)])


def test_it_stands_in_every_kind_of_transaction(committed: Customer) -> None:
    scope = scopes.of(walls.agent(walls.agency()))

    with Wall.around(scope) as wall:
        assert references() == {"C-PLACED"}  # a statement alone
        assert [row.reference for row in Customer.objects.iterator()] == ["C-PLACED"]  # a cursor of the server's
        with transaction.atomic():
            assert references() == {"C-PLACED"}
            assert [row.reference for row in Customer.objects.iterator()] == ["C-PLACED"]
        for _again in range(2):
            with audit.operation("test.look", by=BY, at=timezone.now()) as op:
                assert op.seq  # begins the transaction before any statement
                assert references() == {"C-PLACED"}
        with audit.operation("test.look", by=BY, at=timezone.now()):
            assert references() == {"C-PLACED"}
            with pytest.raises(ProgrammingError), transaction.atomic():
                asked("SELECT no_such_column FROM customers_customer")
            assert references() == {"C-PLACED"}
        wall.admit(Scope(Standing.NOBODY), None)
        assert references() == set()
        wall.admit(Scope(), None)
        assert references() == {"C-PLACED", "C-OTHER"}
        assert asked("SELECT current_user") == [("whiteslip_app",)]
    assert asked("SELECT current_user") == [("whiteslip_app",)]
    later = Wall.around(scope)
    with later as wall:
        kept = wall.kept(row.reference for row in Customer.objects.iterator())
    assert list(kept) == ["C-PLACED"]


def test_what_the_database_refuses_is_said_as_a_wall(placed: Customer, rf: RequestFactory) -> None:
    with behind(access.person("otto")), pytest.raises(ProgrammingError) as refused, transaction.atomic():
        customers.contact_point(placed)
    request = rf.get("/customers/C-PLACED/")
    request.user = access.person("otto")

    page = Refusals(lambda _: HttpResponse()).process_exception(request, refused.value)
    answer = exception_handler(refused.value, {})

    assert page is not None
    assert (page.status_code, "This lies behind a wall" in page.content.decode()) == (403, True)
    assert answer is not None
    assert (answer.status_code, answer.data["code"]) == (403, "walled")
