"""Raw SQL past every action: what gives money up or away does not get into the database without its approval."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest
from apps.audit import actions as audit
from apps.bills.actions import posting, write_offs
from apps.bills.models import Bill, LedgerEntry, Waiver, WriteOff
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through
from tests.factories import access, customers

Buy = Callable[..., Bill]
D = Decimal


@pytest.fixture
def bill(buy: Buy) -> Bill:
    made = buy("P1", dt.date(2026, 4, 10), "1000.00")
    close_through(dt.date(2026, 8, 31), since=dt.date(2026, 8, 31))
    return made


def ask(bill: Bill, action: str, amount: str, **payload: Any) -> ApprovalRequest:
    customer = bill.customer.reference
    return approvals.request(
        action=action, subject=Subject("bills.bill", bill.reference, customer), amount=D(amount),
        payload={"bill": bill.reference, **payload}, reason="Goodwill", by=access.person("anna"), at=AT,
    )  # fmt: skip


def agree(asked: ApprovalRequest, *who: str) -> None:
    for username in who:
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person(username), at=AT)
    asked.refresh_from_db()


def refused(statement: str, *values: Any, match: str) -> None:
    with pytest.raises(IntegrityError, match=match), transaction.atomic():
        run(statement, *values)


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


WAIVE = "INSERT INTO bills_waiver (reference, customer_id, bill_id, amount, waived_date, approval_id) VALUES ('W-X', %s, %s, %s, '2026-09-01', %s)"  # noqa: E501
LOSE = "INSERT INTO bills_writeoff (reference, customer_id, bill_id, amount, written_off_date, approval_id) VALUES ('WO-X', %s, %s, %s, '2026-09-01', %s)"  # noqa: E501
PAY = "INSERT INTO bills_payout (reference, status, reversal_reason, channel, customer_id, amount, paid_date, approval_id) VALUES ('O-X', 'booked', '', '', %s, %s, '2026-09-01', %s)"  # noqa: E501
BOOK = "INSERT INTO bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at, waiver_id, write_off_id) VALUES (%s, %s, %s, %s, %s, '2026-09-01', '2026-09-01', %s, %s)"  # noqa: E501
AGREE = "INSERT INTO access_approvaldecision (request_id, decided_by_id, role, verdict, reason, decided_at) VALUES (%s, %s, %s, 'approve', '', '2026-09-01')"  # noqa: E501
APPROVE = "UPDATE access_approvalrequest SET status = 'approved' WHERE id = %s"


def test_a_waiver_rests_on_its_own_approval(bill: Bill, buy: Buy) -> None:
    open_one, other = ask(bill, "bills.waive_late_fee", "50.00"), buy("P2", dt.date(2026, 5, 10), "200.00")
    of_another_kind = ask(other, "bills.write_off", "50.00")
    agree(of_another_kind, "dora", "rita")
    none = "bills.waive_late_fee rests on no approval of its own"

    refused(WAIVE, bill.customer_id, bill.pk, "50.00", open_one.pk, match=none)
    refused(WAIVE, bill.customer_id, bill.pk, "50.00", of_another_kind.pk, match=none)
    agree(open_one, "leo")
    waiver = Waiver.objects.get()
    refused(WAIVE, bill.customer_id, bill.pk, "50.00", open_one.pk, match="unique")
    assert waiver.amount == D("50.00")
    refused(BOOK, bill.customer_id, other.pk, "late_fee", "waiver", "-1.00", waiver.pk, None, match="or elsewhere")
    refused(BOOK, bill.customer_id, bill.pk, "late_fee", "waiver", "-0.01", waiver.pk, None, match="50.01 where 50.00")
    refused(BOOK, bill.customer_id, bill.pk, "late_fee", "waiver", "-1.00", None, None, match="rests_on_its_decision")


def test_a_write_off_and_its_reversal_rest_on_their_own_approvals(bill: Bill, buy: Buy) -> None:
    asked = write_offs.request(bill=bill, reason="Nothing to be had.", by=access.person("leo"), at=AT)
    other = buy("P2", dt.date(2026, 5, 10), "200.00")
    owed = asked.amount

    refused(LOSE, bill.customer_id, bill.pk, owed, asked.pk, match="bills.write_off rests on no approval of its own")
    agree(asked, "dora", "rita")
    lost = WriteOff.objects.get()
    refused("UPDATE bills_writeoff SET amount = amount + 1", match="rests on no approval")
    refused("UPDATE bills_writeoff SET bill_id = %s", other.pk, match="is about another bill")
    refused(
        "UPDATE bills_writeoff SET reversed_date = '2026-09-01', reversal_id = %s",
        ask(bill, "bills.reverse_write_off", str(owed), write_off=lost.reference).pk,
        match="bills.reverse_write_off rests on no approval",
    )
    refused(
        BOOK, bill.customer_id, bill.pk, "principal", "write_off", "-1.00", None, None, match="rests_on_its_decision"
    )
    refused(BOOK, bill.customer_id, other.pk, "principal", "write_off", "-1.00", None, lost.pk, match="or elsewhere")


def test_a_payout_rests_on_its_own_approval(bill: Bill) -> None:
    asked = ask(bill, "bills.pay_out", "10.00", customer="C-1", channel="")

    refused(PAY, bill.customer_id, "10.00", asked.pk, match="bills.pay_out rests on no approval of its own")


def test_a_request_is_not_approved_by_writing_so(bill: Bill) -> None:
    asked = ask(bill, "bills.waive_late_fee", "20000.01")
    rita, dora, anna, theo, leo = (access.person(name).pk for name in ("rita", "dora", "anna", "theo", "leo"))

    refused(APPROVE, asked.pk, match="lacks the agreement of: director, manager, risk_analyst")
    refused(AGREE, asked.pk, theo, "director", match="in a role that is not held")
    refused(AGREE, asked.pk, leo, "team_lead", match="does not name the role")
    access.give(access.person("anna"), "director")
    refused(AGREE, asked.pk, anna, "director", match="is not decided by its maker")
    run(AGREE, asked.pk, dora, "director")
    access.give(access.person("dora"), "manager")
    refused(AGREE, asked.pk, dora, "manager", match="is decided by one person once")
    refused(APPROVE, asked.pk, match="lacks the agreement of: manager, risk_analyst")
    refused("UPDATE access_approvalrequest SET amount = 1 WHERE id = %s", asked.pk, match="in more than its state")
    run("UPDATE access_approvalrequest SET status = 'rejected' WHERE id = %s", asked.pk)
    refused("UPDATE access_approvalrequest SET status = 'requested' WHERE id = %s", asked.pk, match="is decided")
    refused(AGREE, asked.pk, rita, "risk_analyst", match="is not open")
    refused(
        "INSERT INTO access_approvalrequest (reference, action, subject_type, subject_reference, customer_reference,"
        " amount, counted_amount, payload, facts, fingerprint, rule_id, reason, status, made_by_id, made_at,"
        " expires_at)"
        " SELECT 'A-X', action, subject_type, subject_reference, customer_reference, amount, counted_amount, payload,"
        " facts, fingerprint, rule_id, reason, 'approved', made_by_id, made_at, expires_at FROM access_approvalrequest",
        match="does not begin open",
    )


def test_whoever_reports_to_the_maker_and_whoever_it_is_about_agree_to_nothing_in_raw_rows(bill: Bill) -> None:
    by_boss = approvals.request(
        action="bills.waive_late_fee", subject=Subject("bills.bill", bill.reference, "C-1"), amount=D("1.00"),
        payload={"bill": bill.reference}, reason="Goodwill", by=access.person("maya"), at=AT,
    )  # fmt: skip
    leo = access.person("leo")
    refused(AGREE, by_boss.pk, leo.pk, "team_lead", match="reports to its maker")

    lena = access.person("lena", role="team_lead", customer_reference="C-1")
    refused(AGREE, by_boss.pk, lena.pk, "team_lead", match="about an account of whoever decides")


OPEN = "INSERT INTO credit_creditline (reference, customer_id, currency, \"limit\", opened_date) VALUES ('L-X', %s, 'CNY', 9000, '2026-01-01')"  # noqa: E501


def test_a_limit_rests_on_an_import_or_its_own_approval(bill: Bill, customer: Customer) -> None:
    refused(OPEN, customer.pk, match="credit line L-X rests on no approval and on no import")
    customers.line(customer)
    refused('UPDATE credit_creditline SET "limit" = 9000', match="changes without an approval of its own")


def test_an_import_brings_limits_in_its_operation_and_only_there(fresh_database: str) -> None:
    customer = Customer.objects.create(reference="C-1", name="Amber Fig", joined_date=dt.date(2026, 1, 1))
    with audit.operation("portfolio.import", by=BY, at=AT) as op:
        op.sentence = "Imported."
        run_alone(OPEN, customer.pk)
    other = Customer.objects.create(reference="C-2", name="Beech Plum", joined_date=dt.date(2026, 1, 1))
    with pytest.raises(IntegrityError, match="on no import"), audit.operation("bills.record", by=BY, at=AT):
        run_alone(OPEN.replace("L-X", "L-Y"), other.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM credit_creditline WHERE operation IS NOT NULL")
        assert cursor.fetchone() == (1,)


def run_alone(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_a_ledger_that_is_played_anew_passes(bill: Bill, customer: Customer) -> None:
    agree(ask(bill, "bills.waive_late_fee", "50.00"), "leo")
    posting.post(customers=[customer.pk], by=BY, at=AT)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert LedgerEntry.objects.filter(waiver__isnull=False).exists()
