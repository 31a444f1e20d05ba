import datetime as dt
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from apps.bills.actions import debit_results, debits, pauses
from apps.bills.actions.debit_results import Result, Told
from apps.bills.domain import debits as rules
from apps.bills.domain.debits import Instruction
from apps.bills.domain.pauses import PauseReason
from apps.bills.models import Bill, Debit, Repayment, SuspenseItem
from apps.bills.queries import reconciliation
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.core.domain.working_days import LAST_YEAR
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY, close_through
from tests.factories import bills as factory

D = Decimal
Buy = Callable[..., Bill]
JANUARY = dt.date(2026, 1, 2)
THURSDAY, FRIDAY = dt.date(2026, 5, 14), dt.date(2026, 5, 15)


def day(month: int, day_of_month: int) -> dt.date:
    return dt.date(2026, month, day_of_month)


def agree(customer: Customer, token: str = "tok-7788", agreed: dt.date = JANUARY) -> None:
    debits.agree(customer=customer, bank="Maple Bank", account_token=token, agreed_date=agreed, by=BY, at=AT)


def take(*lines: tuple[str, ...], on: dt.date = FRIDAY) -> list[Told]:
    results = [Result(number, *line) for number, line in enumerate(lines, start=2)]
    return debit_results.take(results=results, business_date=on, by=System("debit"), at=AT)


def outcomes(told: list[Told]) -> list[str]:
    return [line.outcome for line in told]


@pytest.fixture
def debit(customer: Customer, buy: Buy) -> Debit:
    """What is due on Saturday 16 May is debited on Friday, instructed in the close of Thursday."""
    agree(customer)
    buy("P1", day(4, 16), "1000.00")
    close_through(THURSDAY, since=THURSDAY)
    return Debit.objects.get()


@pytest.mark.parametrize(
    ("due", "debited"),
    [
        (day(5, 15), day(5, 14)),  # a Friday
        (day(5, 18), day(5, 15)),  # a Monday
        (day(5, 17), day(5, 15)),
        (day(10, 5), day(9, 30)),  # in the national holiday
        (day(10, 11), day(10, 10)),  # the day after a Saturday that is worked
    ],
)
def test_a_debit_falls_on_the_working_day_before_the_due_date(due: dt.date, debited: dt.date) -> None:
    assert rules.debit_date(due) == debited
    assert due in rules.due_dates(debited).dates


def test_every_due_date_of_a_year_is_debited_on_one_day() -> None:
    every = [dt.date(2025, 12, 1) + dt.timedelta(n) for n in range(350)]
    found = [due for on in every for due in rules.due_dates(on).dates]

    assert len(found) == len(set(found))
    assert all(rules.debit_date(due) in every for due in found)
    assert {due for due in every if due > every[0] and due < every[-1]} <= set(found)


def test_beyond_the_published_calendar_the_year_is_named_and_nothing_guessed() -> None:
    assert rules.due_dates(dt.date(LAST_YEAR + 1, 1, 4)).unpublished == LAST_YEAR + 1
    last = rules.due_dates(dt.date(LAST_YEAR, 12, 31))
    assert (last.dates, last.unpublished) == ((dt.date(LAST_YEAR + 1, 1, 1),), LAST_YEAR + 1)


def test_the_close_instructs_what_the_due_demands(debit: Debit) -> None:
    assert (debit.debit_date, debit.due_date, debit.amount, debit.status) == (
        FRIDAY,
        day(5, 16),
        D("1000.00"),
        "instructed",
    )


def test_whoever_has_no_mandate_is_not_debited(customer: Customer, buy: Buy) -> None:
    buy("P1", day(4, 16), "1000.00")
    agree(customer, agreed=day(5, 16))

    close_through(THURSDAY, since=THURSDAY)

    assert not Debit.objects.exists()


def test_whoever_is_paused_is_not_debited(customer: Customer, buy: Buy) -> None:
    agree(customer)
    buy("P1", day(4, 16), "1000.00")
    pauses.begin(customer=customer, reason=PauseReason.DISPUTE, start_date=FRIDAY, by=BY, at=AT)

    close_through(THURSDAY, since=THURSDAY)

    assert not Debit.objects.exists()


def test_the_year_that_is_not_published_is_told_and_the_close_goes_on(customer: Customer, buy: Buy) -> None:
    agree(customer)
    buy("P1", dt.date(LAST_YEAR, 12, 3), "1000.00")
    moment = dt.datetime(LAST_YEAR + 1, 1, 3, tzinfo=dt.UTC)

    done = close_through(dt.date(LAST_YEAR + 1, 1, 1), since=dt.date(LAST_YEAR, 12, 29), at=moment)

    assert done.counts[f"no_working_days_of_{LAST_YEAR + 1}"] == 3  # for the debits of 31 December on
    assert not Debit.objects.exists()


def test_a_paid_debit_is_booked_once_for_its_bill(debit: Debit) -> None:
    line = (debit.reference, "1000.00", "paid")

    first, second = take(line), take(line)

    repayment = Repayment.objects.get()
    assert (outcomes(first), outcomes(second)) == (["paid"], ["unchanged"])
    assert (repayment.reference, repayment.channel, repayment.received_date, repayment.bill) == (
        debit.reference,
        "auto_debit",
        FRIDAY,
        debit.bill,
    )
    debit.refresh_from_db()
    assert (debit.status, debit.repayment, debit.customer.account.balance) == ("paid", repayment, 0)


def test_a_failed_debit_keeps_why_and_books_nothing(debit: Debit) -> None:
    told = take((debit.reference, "1000.00", "failed", "51", "not enough money"))

    debit.refresh_from_db()
    assert outcomes(told) == ["failed"]
    assert (debit.status, debit.code, debit.reason) == ("failed", "51", "not enough money")
    assert not Repayment.objects.exists()


def test_a_debit_that_bounces_is_a_reversal(debit: Debit) -> None:
    take((debit.reference, "1000.00", "paid"))

    told = take((debit.reference, "1000.00", "returned", "R1", "disputed"), on=day(5, 20))

    debit.refresh_from_db()
    assert outcomes(told) == ["returned"]
    assert debit.repayment is not None
    assert (debit.status, debit.repayment.status, debit.customer.account.balance) == ("failed", "reversed", 1000)
    assert outcomes(take((debit.reference, "1000.00", "returned", "R1", "disputed"))) == ["unchanged"]
    assert reconciliation.reconcile().differences == ()


def test_one_file_may_say_that_a_debit_was_paid_and_came_back(debit: Debit) -> None:
    told = take((debit.reference, "1000.00", "paid"), (debit.reference, "1000.00", "returned", "R1", "disputed"))

    debit.refresh_from_db()
    assert outcomes(told) == ["paid", "returned"]
    assert debit.repayment is not None
    assert (debit.status, debit.repayment.status, debit.customer.account.balance) == ("failed", "reversed", 1000)
    assert reconciliation.reconcile().differences == ()


def test_bad_lines_are_named_and_hold_up_no_other(debit: Debit) -> None:
    told = take(
        ("D-UNKNOWN", "10.00", "paid"),
        (debit.reference, "999.00", "paid"),
        (debit.reference, "1000.005", "paid"),
        (debit.reference, "1000.00", "perhaps"),
        (debit.reference, "1000.00", "returned"),
        (debit.reference, "1000.00", "paid"),
        (debit.reference, "1000.00", "paid"),
        (debit.reference, "1000.00", "failed"),
        ("", "", ""),
    )

    assert outcomes(told) == [
        "parked", "refused", "refused", "refused", "refused", "paid", "unchanged", "refused", "refused",
    ]  # fmt: skip
    assert [line.sentence for line in told if line.sentence][:2] == [
        "There is no debit D-UNKNOWN.",
        f"Debit {debit.reference} is of 1000.00, not of 999.00.",
    ]
    assert SuspenseItem.objects.get().amount == D("10.00")
    assert Repayment.objects.get().amount == D("1000.00")


def test_money_paid_by_hand_meanwhile_makes_the_debit_a_credit(debit: Debit) -> None:
    factory.paid(debit.customer, FRIDAY, "1000.00")

    take((debit.reference, "1000.00", "paid"))

    assert debit.customer.account.credit_balance == D("1000.00")
    assert reconciliation.reconcile().differences == ()


def test_revoking_a_mandate_withdraws_what_waits_and_money_that_comes_is_booked(debit: Debit) -> None:
    debits.revoke(mandate=debit.mandate, business_date=FRIDAY, by=BY, at=AT)
    debit.refresh_from_db()
    assert debit.status == "withdrawn"

    assert outcomes(take((debit.reference, "1000.00", "paid"))) == ["paid"]

    assert debit.customer.account.balance == 0


def test_a_mandate_holds_once_and_never_a_whole_account_number(customer: Customer) -> None:
    with pytest.raises(Refused, match="whole account number"):
        agree(customer, "6222 0212 3456 7890")
    agree(customer)

    with pytest.raises(Refused, match="holds already"):
        agree(customer, agreed=day(3, 1))

    debits.revoke(mandate=customer.mandates.get(), business_date=day(3, 1), by=BY, at=AT)
    agree(customer, agreed=day(3, 1))
    assert customer.mandates.count() == 2


def test_a_debit_is_withdrawn_once_with_a_reason(debit: Debit) -> None:
    with pytest.raises(Refused, match="Say why"):
        debits.withdraw(debit=debit, reason=" ", by=BY, at=AT)
    debits.withdraw(debit=debit, reason="Paid by hand.", by=BY, at=AT)

    with pytest.raises(Refused, match="answered or withdrawn"):
        debits.withdraw(debit=debit, reason="Again.", by=BY, at=AT)


def test_a_debit_file_ends_with_its_count_sum_and_checksum() -> None:
    lines = [
        Instruction("D2", 'Maple "North" Bank', "tok,2", "CNY", D("20.50"), FRIDAY),
        Instruction("D1", "Maple Bank", "tok-1", "CNY", D("10.00"), FRIDAY),
    ]

    text = rules.file(lines)

    body, end = text[: text.index("#end")], text[text.index("#end") :]
    assert body == (
        "reference,bank,account_token,currency,amount,debit_date\r\n"
        "D1,Maple Bank,tok-1,CNY,10.00,2026-05-15\r\n"
        'D2,"Maple ""North"" Bank","tok,2",CNY,20.50,2026-05-15\r\n'
    )
    assert end == f"#end,2,30.50,{hashlib.sha256(body.encode()).hexdigest()}\r\n"
    assert rules.file(lines[::-1]) == text


def test_the_files_go_there_and_back(debit: Debit, tmp_path: Path) -> None:
    out, results, printed = tmp_path / "debits.csv", tmp_path / "results.csv", StringIO()
    call_command("debit_file", out, "--date", FRIDAY.isoformat(), "--json", stdout=printed)
    assert json.loads(printed.getvalue())["debits"] == 1
    assert out.read_text().splitlines()[1] == f"{debit.reference},Maple Bank,tok-7788,CNY,1000.00,2026-05-15"
    results.write_text(f"reference,amount,result,code,reason\n{debit.reference},1000.00,paid,,\nD-1,5.00,failed,51,\n")
    told = StringIO()

    with pytest.raises(SystemExit):
        call_command("debit_results", results, "--json", stdout=told, stderr=StringIO())

    answer = json.loads(told.getvalue())
    assert (answer["rows"], answer["paid"], answer["refused"]) == (2, 1, 1)
    assert answer["named"] == [{"row": 3, "reference": "D-1", "outcome": "refused", "why": "There is no debit D-1."}]
    debit.refresh_from_db()
    assert debit.status == "paid"


def test_results_without_a_column_are_refused_whole(tmp_path: Path, db: None) -> None:
    file, said = tmp_path / "results.csv", StringIO()
    file.write_text("reference,result\nD-1,paid\n")

    with pytest.raises(SystemExit):
        call_command("debit_results", file, stderr=said)

    assert "lacks the column amount" in said.getvalue()


def test_a_day_beyond_the_calendar_has_no_file(tmp_path: Path, db: None) -> None:
    said = StringIO()

    with pytest.raises(SystemExit):
        call_command("debit_file", tmp_path / "x.csv", "--date", f"{LAST_YEAR + 1}-01-04", stderr=said)

    assert str(LAST_YEAR + 1) in said.getvalue()
