"""Purchases, refunds, payouts and reversals over the API: taken once, whatever the number of times they are sent."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.access.models import ApprovalRequest
from apps.bills.models import Account, Bill, LedgerEntry, Payout, ProductTerms, Purchase, Refund, Repayment
from apps.bills.queries import reconciliation
from apps.customers.models import Customer
from tests.factories import access

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal
REPAYMENT = {"customer": "C-1", "amount": "100.00", "received_date": "2026-05-01"}
REFUND = {"customer": "C-1", "amount": "100.00", "refunded_date": "2026-05-01", "purchase": "P1"}
PURCHASE = {"customer": "C-1", "amount": "300.00", "purchased_date": "2026-05-01", "product": "deferred"}
PAYOUT = {"customer": "C-1", "amount": "20.00", "reason": "The customer asked for it."}
BODIES = {"repayments": REPAYMENT, "refunds": REFUND, "purchases": PURCHASE, "payouts": PAYOUT}
BOUNCED = {"reason": "bounced", "note": "No cover."}


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def send(client: Client, address: str, body: dict[str, Any], key: str | None = None) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/{address}/", body, content_type="application/json", headers=headers)


@pytest.fixture
def bill(buy: Buy) -> Bill:
    return buy("P1", dt.date(2026, 4, 10), "1000.00", 3)


@pytest.fixture
def leo(bill: Bill) -> Client:
    return signed_in("leo")


@pytest.fixture
def in_credit(leo: Client) -> Client:
    """The customer has paid 50.00 more than is owed."""
    send(leo, "repayments", REPAYMENT | {"amount": "1065.00"}, "R-credit")
    return leo


@pytest.mark.parametrize("name", BODIES)
def test_the_same_key_with_the_same_content_is_answered_again(in_credit: Client, name: str) -> None:
    first, second = (send(in_credit, name, BODIES[name], "K-1") for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200), (first.content, second.content)
    assert first.json() == second.json()
    assert reconciliation.reconcile().differences == ()


@pytest.mark.parametrize("name", BODIES)
def test_the_same_key_with_other_content_is_a_conflict(in_credit: Client, name: str) -> None:
    send(in_credit, name, BODIES[name], "K-1")

    answer = send(in_credit, name, BODIES[name] | {"amount": "19.99"}, "K-1")

    assert (answer.status_code, answer.json()["code"]) == (409, "reference_taken")
    assert "K-1 is known with other content" in answer.json()["detail"]


@pytest.mark.parametrize("name", BODIES)
def test_nothing_is_taken_without_a_reference(in_credit: Client, name: str) -> None:
    answer = send(in_credit, name, BODIES[name])

    assert (answer.status_code, list(answer.json())) == (400, ["reference"])


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0", "0 is not above zero."),
        ("-1.00", "-1.00 is not above zero."),
        ("1.234", "1.234 has more than two decimals."),
        ("12345678901.00", "12345678901.00 is larger than an amount may be"),
        ("Infinity", "“Infinity” is not an amount of money."),
    ],
)
def test_an_amount_that_is_none_is_named(in_credit: Client, name: str, amount: str, sentence: str) -> None:
    answer = send(in_credit, name, BODIES[name] | {"amount": amount}, "K-1")

    assert answer.status_code == 400
    assert sentence in answer.json()["amount"][0]


@pytest.mark.parametrize(
    ("name", "change", "code", "sentence"),
    [
        ("repayments", {"currency": "USD"}, "currency_other", "The currency is CNY, not USD."),
        ("refunds", {"currency": "USD"}, "currency_other", "The currency is CNY, not USD."),
        ("purchases", {"currency": "USD"}, "currency_other", "The currency is CNY, not USD."),
        ("payouts", {"currency": "USD"}, "currency_other", "The currency is CNY, not USD."),
        ("repayments", {"received_date": "1899-12-31"}, "date_too_early", "1899-12-31 is before 1900."),
        ("repayments", {"received_date": "2999-01-01"}, "date_after_business_date", "2999-01-01 is after the business"),
        ("refunds", {"refunded_date": "2999-01-01"}, "date_after_business_date", "2999-01-01 is after the business"),
        ("purchases", {"purchased_date": "2999-01-01"}, "date_after_business_date", "2999-01-01 is after the business"),
        ("refunds", {"refunded_date": "2026-04-09"}, "date_before_purchase", "2026-04-09 is before 2026-04-10"),
        (
            "repayments",
            {"received_date": "2026-04-09", "bill": "B-P1"},
            "date_before_bill",
            "2026-04-09 is before 2026-04-10, when bill B-P1 was issued.",
        ),
        (
            "refunds",
            {"amount": "1000.01"},
            "above_purchase",
            "Purchase P1 was of 1000.00 and 0.00 of it is refunded: 1000.01 is more than the 1000.00 that is left.",
        ),
        (
            "payouts",
            {"amount": "50.01"},
            "above_credit",
            "The credit balance of C-1 is 50.00, less than 50.01.",
        ),
        (
            "purchases",
            {"purchased_date": "2025-12-31"},
            "terms_missing",
            "deferred has no conditions yet on 2025-12-31",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    in_credit: Client, name: str, change: dict[str, str], code: str, sentence: str
) -> None:
    answer = send(in_credit, name, BODIES[name] | change, "K-1")

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert sentence in answer.json()["detail"]


def test_refunds_add_up_to_the_purchase_and_no_further(leo: Client) -> None:
    send(leo, "refunds", REFUND | {"amount": "700.00"}, "F-1")

    answer = send(leo, "refunds", REFUND | {"amount": "300.01"}, "F-2")

    sentence = "Purchase P1 was of 1000.00 and 700.00 of it is refunded: 300.01 is more than the 300.00 that is left."
    assert answer.json()["detail"] == sentence
    assert send(leo, "refunds", REFUND | {"amount": "300.00"}, "F-2").status_code == 201
    assert Account.objects.get().balance == 0
    assert reconciliation.reconcile().differences == ()


def test_a_reversed_refund_makes_room_for_another(leo: Client) -> None:
    send(leo, "refunds", REFUND | {"amount": "1000.00"}, "F-1")
    reversal = send(signed_in("maya"), "refunds/F-1/reversal", {"reason": "mistake"})

    again = send(leo, "refunds", REFUND | {"amount": "1000.00"}, "F-2")

    assert (reversal.status_code, reversal.json()["status"]) == (200, "reversed")
    assert again.status_code == 201
    assert Account.objects.get().balance == 0
    assert reconciliation.reconcile().differences == ()


@pytest.mark.parametrize(("name", "body"), [("repayments", REPAYMENT), ("refunds", REFUND)])
def test_a_reversal_is_known_by_its_key(leo: Client, name: str, body: dict[str, str]) -> None:
    send(leo, name, body, "X-1")
    send(leo, name, body, "X-2")
    maya = signed_in("maya")

    first, second = (send(maya, f"{name}/X-1/reversal", BOUNCED, "V-1") for _ in range(2))
    other_reason = send(maya, f"{name}/X-1/reversal", {"reason": "mistake"}, "V-1")
    of_another = send(maya, f"{name}/X-2/reversal", BOUNCED, "V-1")
    once_more = send(maya, f"{name}/X-1/reversal", BOUNCED, "V-2")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert [a.json()["code"] for a in (other_reason, of_another)] == ["reference_taken"] * 2
    assert once_more.json()["detail"] == f"X-1 was reversed already on {first.json()['reversed_date']}."
    assert reconciliation.reconcile().differences == ()


def test_a_reversal_cannot_be_reversed(leo: Client) -> None:
    send(leo, "repayments", REPAYMENT, "R-1")
    maya = signed_in("maya")
    done = send(maya, "repayments/R-1/reversal", BOUNCED, "V-1").json()

    answer = send(maya, "repayments/V-1/reversal", BOUNCED)

    sentence = f"V-1 is the reversal of R-1 on {done['reversed_date']}; a reversal cannot be reversed."
    assert (answer.status_code, answer.json()["detail"]) == (409, sentence)


def test_a_reason_that_is_none_is_named(leo: Client) -> None:
    send(leo, "repayments", REPAYMENT, "R-1")

    answer = send(signed_in("maya"), "repayments/R-1/reversal", {"reason": "whim"})

    assert (answer.status_code, list(answer.json())) == (400, ["reason"])
    assert Repayment.objects.get().status == "booked"


def test_a_purchase_is_made_under_the_conditions_in_force_and_billed(leo: Client, terms: ProductTerms) -> None:
    body = PURCHASE | {"instalments": 3, "merchant": "Paper Kite", "order_reference": "K-100"}

    made = send(leo, "purchases", body, "P-9").json()

    assert (made["version"], made["bill"], made["refunded"]) == (1, "B-P-9", "0.00")
    assert Bill.objects.get(reference="B-P-9").instalments.count() == 3
    found = signed_in("anna").get("/api/purchases/?order_reference=K-100").json()["results"]
    assert [purchase["reference"] for purchase in found] == ["P-9"]
    assert signed_in("anna").get("/api/purchases/P-9/").json() == made


def test_instalments_that_are_not_offered_are_refused(leo: Client) -> None:
    answer = send(leo, "purchases", PURCHASE | {"instalments": 5}, "P-9")

    assert answer.status_code == 409
    assert Purchase.objects.count() == 1


def test_a_payout_is_decided_by_others_and_taken_from_the_credit(in_credit: Client) -> None:
    asked = send(in_credit, "payouts", PAYOUT | {"amount": "50.00"}, "O-1").json()

    answer = send(signed_in("maya"), f"approvals/{asked['reference']}/decide", {"verdict": "approve", "reason": ""})

    assert asked["tier"] == "T1"
    assert answer.status_code == 403  # the first tier is the team lead's
    access.person("lara", role="team_lead")
    send(signed_in("lara"), f"approvals/{asked['reference']}/decide", {"verdict": "approve", "reason": ""})
    assert ApprovalRequest.objects.get().status == "approved"
    payout = Payout.objects.get()
    assert (payout.amount, Account.objects.get().credit_balance) == (D("50.00"), 0)
    assert LedgerEntry.objects.get(payout=payout).amount == D("50.00")
    assert reconciliation.reconcile().differences == ()


def test_money_that_bounces_after_it_was_paid_out_leaves_the_account_overdrawn(in_credit: Client) -> None:
    asked = send(in_credit, "payouts", PAYOUT | {"amount": "50.00"}, "O-1").json()
    access.person("lara", role="team_lead")
    send(signed_in("lara"), f"approvals/{asked['reference']}/decide", {"verdict": "approve", "reason": ""})

    send(signed_in("maya"), "repayments/R-credit/reversal", BOUNCED)

    account = Account.objects.get()
    assert (account.credit_balance, account.balance) == (D("-50.00"), D("1065.00"))
    assert reconciliation.reconcile().differences == ()


def test_a_payout_that_the_bank_returns_is_as_if_it_had_never_gone(in_credit: Client, buy: Buy) -> None:
    asked = send(in_credit, "payouts", PAYOUT | {"amount": "50.00"}, "O-1").json()
    access.person("lara", role="team_lead")
    send(signed_in("lara"), f"approvals/{asked['reference']}/decide", {"verdict": "approve", "reason": ""})
    paid = Payout.objects.get()
    later = buy("P2", paid.paid_date, "80.00")
    maya, address = signed_in("maya"), f"payouts/{paid.reference}/reversal"

    first, second = (send(maya, address, BOUNCED, "V-1") for _ in range(2))
    once_more = send(maya, address, BOUNCED, "V-2")
    of_it = send(maya, "payouts/V-1/reversal", BOUNCED)

    later.refresh_from_db()
    assert (first.status_code, second.status_code, once_more.status_code) == (200, 200, 409)
    assert first.json() == second.json()
    assert (first.json()["status"], first.json()["reversal_reason"]) == ("reversed", "bounced")
    assert of_it.json()["code"] == "reversal_of_reversal"
    assert send(in_credit, address, BOUNCED).status_code == 403  # a team lead pays out and takes nothing back
    assert (later.open_principal, Account.objects.get().credit_balance) == (D("30.00"), 0)
    assert sum(LedgerEntry.objects.filter(payout=paid).values_list("amount", flat=True)) == 0
    assert reconciliation.reconcile().differences == ()


@pytest.mark.parametrize("name", ["refunds", "purchases", "payouts"])
def test_an_agent_reads_and_records_nothing(in_credit: Client, customer: Customer, name: str) -> None:
    anna = signed_in("anna")

    assert anna.get(f"/api/{name}/").status_code == 200
    assert send(anna, name, BODIES[name], "K-1").status_code == 403
    assert (Refund.objects.count(), Purchase.objects.count(), ApprovalRequest.objects.count()) == (0, 1, 0)
