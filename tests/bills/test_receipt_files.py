"""Files of repayments: what is booked, parked, known or refused; what is allocated at once equals what is played."""

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from apps.bills.actions import posting, purchases, receipts, repayments
from apps.bills.actions.purchases import NewPurchase
from apps.bills.actions.repayments import NewRepayment
from apps.bills.models import (
    Account,
    Bill,
    Instalment,
    Intake,
    IntakeRow,
    LedgerEntry,
    ProductTerms,
    Repayment,
    SuspenseItem,
)
from apps.bills.queries import intakes, reconciliation
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.bills.conftest import AT, BY
from tests.factories import bills as factory
from tests.factories import customers

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
D = Decimal
TODAY = dt.date(2026, 9, 1)
HEADER = "reference,customer,received_date,amount,bill,channel,currency,payer,purpose"


def say_nothing(what: str, share: float) -> None:
    pass


def written(folder: Path, *lines: str, header: str = HEADER, end: str = "\n") -> Path:
    file = folder / "repayments.csv"
    file.write_text("\n".join((header, *lines)) + end, encoding="utf-8")
    return file


def take(file: Path, **options: Any) -> Intake:
    intake = receipts.receive(path=file, business_date=TODAY, by=BY, at=AT, **options)
    return receipts.take(intake=intake, partitions=1, progress=say_nothing, by=BY, at=AT).intake


def counts(intake: Intake) -> dict[str, int]:
    return {name: getattr(intake, name) for name in ("rows", "created", "parked", "unchanged", "refused")}


def refused(intake: Intake) -> list[tuple[int, str, str]]:
    return [(r.row, r.column, r.code) for r in intakes.refusals(intake)]


def standing() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that a posting brings in line."""
    return {
        "bills": list(
            Bill.objects.order_by("pk").values_list(
                "pk", "open_principal", "open_instalment_fee", "open_late_fee", "late_fee_accrued", "settled_date"
            )
        ),
        "instalments": list(Instalment.objects.order_by("pk").values_list("pk", "open_amount", "met_date")),
        "accounts": list(Account.objects.order_by("pk").values_list("pk", "balance", "credit_balance", "latest_date")),
        "repayments": list(Repayment.objects.order_by("pk").values_list("pk", "remainder")),
        "entries": list(LedgerEntry.objects.order_by("pk").values_list("pk", "amount")),
    }


def test_a_file_is_booked_and_forgotten_in_the_queue(customer: Customer, buy: Buy, tmp_path: Path) -> None:
    bill = buy("P1", dt.date(2026, 8, 10), "1000.00")

    intake = take(written(tmp_path, "R1,C-1,2026-08-20,400.00,,transfer,,,", "R2,C-1,2026-08-21,600.00,,,CNY,,"))

    bill.refresh_from_db()
    assert counts(intake) == {"rows": 2, "created": 2, "parked": 0, "unchanged": 0, "refused": 0}
    assert bill.settled_date == dt.date(2026, 8, 21)
    assert not IntakeRow.objects.exists()
    assert reconciliation.reconcile().differences == ()


def test_the_same_file_again_changes_nothing(customer: Customer, buy: Buy, tmp_path: Path) -> None:
    buy("P1", dt.date(2026, 8, 10), "1000.00")
    file = written(tmp_path, "R1,C-1,2026-08-20,400.00,,transfer,,,", "X1,,2026-08-20,9.00,,,,Somebody,")
    take(file)
    before = standing()

    again = take(file)

    assert counts(again) == {"rows": 2, "created": 0, "parked": 0, "unchanged": 2, "refused": 0}
    assert standing() == before


def test_money_of_unknown_payers_is_parked_with_their_words(customer: Customer, tmp_path: Path) -> None:
    take(
        written(tmp_path, "X1,C-404,2026-08-20,9.00,,transfer,,,thanks", "X2,,2026-08-20,8.00,,,EUR,Max Muster,bill 7")
    )

    found = SuspenseItem.objects.order_by("reference")
    told = [(item.reference, item.payer.clear, item.purpose.clear, item.currency) for item in found]
    assert told == [("X1", "C-404", "thanks", "CNY"), ("X2", "Max Muster", "bill 7", "EUR")]


def test_bad_rows_are_named_and_the_good_ones_taken(customer: Customer, buy: Buy, tmp_path: Path) -> None:
    buy("P1", dt.date(2026, 8, 10), "1000.00")
    other = Customer.objects.create(reference="C-2", name="Else", joined_date=dt.date(2026, 1, 1))
    repayments.record_many(repayments=[NewRepayment("KNOWN", other.pk, dt.date(2026, 8, 1), D("5.00"))], by=BY, at=AT)
    rows = [
        "R2,C-1,2026-08-20,0,,,,,",  # row 2
        "R3,C-1,2026-08-20,-1,,,,,",
        "R4,C-1,2026-08-20,1.234,,,,,",
        "R5,C-1,2026-09-02,1.00,,,,,",
        "R6,C-1,2026-02-30,1.00,,,,,",
        "R7,C-1,2026-08-20,1.00,B-none,,,,",
        "R8,C-2,2026-08-20,1.00,B-P1,,,,",
        "R9,C-1,2026-08-20,1.00,,,EUR,,",
        "R18,C-1,2026-08-09,1.00,B-P1,,,,",
        "KNOWN,C-2,2026-08-01,6.00,,,,,",
        "KNOWN,C-2,2026-08-01,5.00,,,,,",
        "R12,C-1,2026-08-20",
        "R13,C-1,2026-08-20,10.00,,,,,",
        "R13,C-1,2026-08-20,10.00,,,,,",
        "R13,C-1,2026-08-20,11.00,,,,,",
        ",C-1,2026-08-20,11.00,,,,,",
        "R17,C-1,2026-08-20,12345678901234.00,,,,,",
    ]

    intake = take(written(tmp_path, *rows))

    assert refused(intake) == [
        (2, "amount", "amount_not_positive"),
        (3, "amount", "amount_not_positive"),
        (4, "amount", "amount_decimals"),
        (5, "received_date", "date_ahead"),
        (6, "received_date", "date_impossible"),
        (7, "bill", "bill_unknown"),
        (8, "bill", "bill_of_another"),
        (9, "currency", "currency_account"),
        (10, "bill", "bill_later"),
        (11, "reference", "known_otherwise"),
        (13, "", "fields"),
        (16, "reference", "known_otherwise"),
        (17, "reference", "empty"),
        (18, "amount", "amount_too_large"),
    ]
    assert counts(intake) == {"rows": 17, "created": 1, "parked": 0, "unchanged": 2, "refused": 14}
    assert Repayment.objects.filter(reference="R13").get().amount == D("10.00")
    out = tmp_path / "refusals.csv"
    assert intakes.write_refusals(intake, out) == 14
    assert "R4" not in out.read_text(encoding="utf-8-sig")
    assert "repayments.csv,4,amount,1.234 has more than two decimals" in out.read_text(encoding="utf-8-sig")


def test_whole_or_nothing_takes_nothing_where_a_row_is_bad(customer: Customer, tmp_path: Path) -> None:
    file = written(tmp_path, "R1,C-1,2026-08-20,1.00,,,,,", "R2,C-1,2026-08-20,0,,,,,")

    intake = take(file, is_whole=True)

    assert (intake.state, intake.refused, Repayment.objects.count()) == ("refused", 1, 0)


def test_a_last_line_that_was_cut_off_is_named_and_not_believed(customer: Customer, tmp_path: Path) -> None:
    intake = take(
        written(
            tmp_path,
            "R1,C-1,2026-08-20,1.00",
            "R2,C-1,2026-08-20,12",
            header="reference,customer,received_date,amount",
            end="",
        )
    )

    assert refused(intake) == [(3, "", "cut")]
    assert list(Repayment.objects.values_list("reference", flat=True)) == ["R1"]


def test_a_file_cut_off_inside_quotes_is_refused(tmp_path: Path) -> None:
    file = written(tmp_path, "R1,C-1,2026-08-20,1.00,,,,,", 'R2,C-1,2026-08-20,1.00,,,,"Max', end="")

    with pytest.raises(Refused, match="row 3: not a CSV row"):
        take(file)
    assert Intake.objects.get().state == "refused"


def test_a_parquet_file_is_taken_and_half_of_one_is_refused(customer: Customer, tmp_path: Path) -> None:
    whole = tmp_path / "repayments.parquet"
    pq.write_table(
        pa.table(
            {
                "reference": ["R1", "R2"],
                "customer": ["C-1", None],
                "received_date": [dt.date(2026, 8, 20)] * 2,
                "amount": [D("1.50"), D("2.00")],
            }
        ),
        whole,
    )
    half = tmp_path / "half.parquet"
    half.write_bytes(whole.read_bytes()[:-100])

    assert counts(take(whole)) == {"rows": 2, "created": 1, "parked": 1, "unchanged": 0, "refused": 0}
    with pytest.raises(Refused, match="not a whole Parquet file"):
        take(half)


def test_a_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    intake = take(written(tmp_path, "R1,1.00", header="reference,amount"))

    assert intake.state == "refused"
    assert refused(intake) == [(0, "customer", "column_missing"), (0, "received_date", "column_missing")]


def test_what_was_recorded_since_the_check_is_not_booked_twice(
    customer: Customer, buy: Buy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody records two of the file's references between its check and its booking."""
    buy("P1", dt.date(2026, 8, 10), "1000.00")
    file = written(tmp_path, *(f"R{n},C-1,2026-08-20,{n}.00,,,,," for n in (1, 2, 3)))

    def meanwhile(what: str, share: float) -> None:
        if what == "Book the rows" and not Repayment.objects.exists():
            new = [
                NewRepayment(f"R{n}", customer.pk, dt.date(2026, 8, 20), D(amount))
                for n, amount in ((1, "1.00"), (2, "9.00"))
            ]
            repayments.record_many(repayments=new, by=BY, at=AT)

    intake = receipts.receive(path=file, business_date=TODAY, by=BY, at=AT)
    intake = receipts.take(intake=intake, partitions=1, progress=meanwhile, by=BY, at=AT).intake

    assert counts(intake) == {"rows": 3, "created": 1, "parked": 0, "unchanged": 1, "refused": 1}
    assert refused(intake) == [(3, "reference", "known_otherwise")]
    assert reconciliation.reconcile().differences == ()


TERMS: Iterable[dict[str, Any]] = (
    {"late_fee_daily_rate": D("0.0007")},
    {"late_fee_daily_rate": D("0.0005"), "monthly_fee_rate": D("0.01")},
    {"monthly_fee_rate": D("0.007"), "waterfall": ["cost", "late_fee", "principal", "instalment_fee"]},
    {"monthly_fee_rate": D("0.009"), "principal_first_after_days": 10, "late_fee_daily_rate": D("0.0007")},
)


def random_book(chance: Random, terms: list[ProductTerms], number: int) -> list[str]:
    """Customers with bills, some paid in part before, some late; answers the lines of a file of repayments."""
    lines: list[str] = []
    for place in range(number):
        who = customers.customer()
        bought: list[NewPurchase] = []
        paid: list[NewRepayment] = []
        for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
            date = dt.date(2026, 6, 1) + dt.timedelta(chance.randrange(80))
            amount = D(chance.randrange(100, 200_000)) / 100
            mine = chance.choice(terms)
            many = chance.choice((1, 1, 3, 6))
            bought.append(NewPurchase(f"P-{who.pk}-{len(bought)}", who.pk, mine.pk, date, amount, many))
        purchases.record_many(purchases=bought, by=BY, at=AT)
        for part in range(chance.choice((0, 0, 0, 1, 2))):
            date = dt.date(2026, 6, 20) + dt.timedelta(chance.randrange(65))
            paid.append(NewRepayment(f"OLD-{who.pk}-{part}", who.pk, date, D(chance.randrange(1, 60_000)) / 100))
        repayments.record_many(repayments=paid, by=BY, at=AT)
        for part in range(chance.choice((1, 1, 1, 2))):
            date = chance.choice((dt.date(2026, 8, 20), dt.date(2026, 9, 1), dt.date(2026, 7, 5)))
            amount = D(chance.randrange(1, 250_000)) / 100
            issued = [new for new in bought if new.date <= date]
            bill = f"B-{chance.choice(issued).reference}" if issued and chance.random() < 0.3 else ""
            lines.append(f"NEW-{place}-{part},{who.reference},{date},{amount},{bill},,,,")
    return lines


@pytest.mark.parametrize("seed", range(6))
def test_what_is_allocated_at_once_is_what_playing_the_account_gives(seed: int, tmp_path: Path) -> None:
    chance = Random(seed)
    terms = [factory.terms(**conditions) for conditions in TERMS]
    lines = random_book(chance, terms, 40)

    intake = take(written(tmp_path, *lines))

    found = intakes.standing(intake)
    assert found.created == len(lines)
    assert 0 < found.played < 36  # some of both kinds
    before = standing()
    everybody = list(Customer.objects.values_list("pk", flat=True))
    assert posting.post(customers=everybody, by=BY, at=AT) == 0
    assert standing() == before
    assert reconciliation.reconcile().differences == ()
