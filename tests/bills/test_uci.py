"""Portfolios in the form of the UCI credit card data; `UCI_EVERY=1` takes all thirty thousand clients of the file."""

import datetime as dt
import os
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections

from apps.bills.actions import intake
from apps.bills.domain import uci
from apps.bills.models import Account, Bill, LedgerEntry, Product, Purchase, Refund, Repayment
from apps.bills.queries import reconciliation, statements
from apps.customers.models import ContactPoint, Customer
from tests.bills.portfolios import UCI_HEADER, UCI_ROW, refusals, take_uci

D = Decimal
DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "taiwan" / "UCI_Credit_Card.csv"
EVERY = int(os.environ.get("UCI_EVERY", "15"))
COUNTS = {  # clients, bills, purchases, repayments, refunds
    1: [30_000, 180_000, 157_297, 143_103, 1_030],
    15: [2_000, 12_000, 10_358, 9_464, 79],
}


def row(**changed: str) -> dict[str, str]:
    return dict(zip(UCI_HEADER.split(","), UCI_ROW.split(","), strict=True)) | changed


def converted(**changed: str) -> uci.Records:
    records = uci.nothing()
    uci.convert(records, 2, row(**changed))
    return records


def written(tmp_path: Path, *rows: str, header: str = UCI_HEADER) -> Path:
    path = tmp_path / "uci.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_columns_run_back_from_september_to_april() -> None:
    statements = [(bill[4], bill[6], bill[7]) for bill in converted().bills]

    assert statements == [
        (dt.date(2005, 4, 30), D(3261), 2),
        (dt.date(2005, 5, 31), D(3455), 0),
        (dt.date(2005, 6, 30), D(3272), 0),
        (dt.date(2005, 7, 31), D(2682), 0),
        (dt.date(2005, 8, 31), D(1725), 2),
        (dt.date(2005, 9, 30), D(2682), -1),
    ]


def test_purchases_and_refunds_make_the_next_statement_true() -> None:
    records = converted(BILL_AMT2="-100")

    assert [(p[4], p[5], p[6]) for p in records.purchases] == [
        (dt.date(2005, 4, 15), D(5261), "UCI-00002-2005-04"),
        (dt.date(2005, 5, 15), D(194), "UCI-00002-2005-05"),
        (dt.date(2005, 6, 15), D(817), "UCI-00002-2005-06"),
        (dt.date(2005, 7, 15), D(410), "UCI-00002-2005-07"),
        (dt.date(2005, 9, 15), D(2782), "UCI-00002-2005-09"),
    ]
    assert [(r[3], r[4]) for r in records.refunds] == [(dt.date(2005, 8, 28), D(1782))]


@pytest.mark.parametrize(("paid", "day"), [("327.20", 3), ("327.19", 12), ("0.01", 12), ("5000", 3)])
def test_who_paid_at_least_the_minimum_paid_in_time(paid: str, day: int) -> None:
    records = converted(PAY_AMT3=paid, BILL_AMT4="3272")

    assert [r[3] for r in records.repayments if r[1] == "UCI-00002-2005-07-R"] == [dt.date(2005, 7, day)]


def test_aprils_payment_counts_as_in_time_and_no_payment_is_no_repayment() -> None:
    received = [(r[3], r[4]) for r in converted().repayments]

    assert received[0] == (dt.date(2005, 4, 3), D(2000))
    assert D(0) not in [amount for _, amount in received]


def test_the_minimum_is_a_tenth_rounded_half_up_and_nothing_of_a_credit_balance() -> None:
    assert [uci.minimum(D(x)) for x in ("100.05", "100.04", "0", "-50")] == [D("10.01"), D("10.00"), D(0), D(0)]


def test_a_small_file_becomes_a_book(db: None, tmp_path: Path) -> None:
    report = take_uci(written(tmp_path, UCI_ROW, UCI_ROW.replace("2,120000", "7,50000.0", 1)))

    assert (report.rows, report.created, report.unchanged) == (2, 2, 0)
    client = Customer.objects.get(reference="UCI-00007")
    assert (client.name.clear, client.time_zone) == ("Client 00007", "Asia/Taipei")
    assert client.profile.facts == {"sex": 2, "education": 2, "marriage": 2, "age": 26}
    assert not ContactPoint.objects.exists()
    assert Product.objects.get().code == "uci-card"
    assert Account.objects.get(customer=client).balance == 2682
    assert reconciliation.reconcile().differences == ()
    assert statements.discrepancies() == []


def test_the_same_file_twice_changes_nothing(db: None, tmp_path: Path) -> None:
    file = written(tmp_path, UCI_ROW)
    take_uci(file)
    entries = LedgerEntry.objects.count()

    report = take_uci(file)

    assert (report.rows, report.created, report.unchanged, LedgerEntry.objects.count()) == (1, 0, 1, entries)


def test_a_longer_file_adds_the_new_clients_only(db: None, tmp_path: Path) -> None:
    take_uci(written(tmp_path, UCI_ROW))

    report = take_uci(written(tmp_path, UCI_ROW, UCI_ROW.replace("2,", "3,", 1)))

    assert (report.rows, report.created, report.unchanged) == (2, 1, 1)


def test_a_client_known_with_other_numbers_is_named(db: None, tmp_path: Path) -> None:
    take_uci(written(tmp_path, UCI_ROW))

    with pytest.raises(intake.Turned) as caught:
        take_uci(written(tmp_path, UCI_ROW.replace("120000", "130000")))

    reason = "it is known with other content: the book has 120000.00"
    assert refusals(caught.value) == [("uci.csv", 2, "credit_lines.limit", reason)]


@pytest.mark.parametrize(
    ("bad", "column", "reason"),
    [
        (UCI_ROW.replace("2682", "2682.125", 1), "BILL_AMT1", "“2682.125” is not a number that this column can hold"),
        (UCI_ROW.replace("120000", "-1"), "LIMIT_BAL", "“-1” is not a number that this column can hold"),
        (UCI_ROW.removesuffix("2000") + "-2000", "PAY_AMT6", "“-2000” is not a number that this column can hold"),
        (UCI_ROW.replace("2,", "x,", 1), "ID", "“x” is not a number that this column can hold"),
        (UCI_ROW.replace("26,-1", "26,-9"), "PAY_0", "“-9” is not a number that this column can hold"),
        (UCI_ROW.replace("2,", "9,", 1), "ID", "UCI-00009 was there already"),
        (UCI_ROW + ",1", "", "the row has 25 fields, the header another number"),
    ],
)
def test_a_bad_row_is_named(db: None, tmp_path: Path, bad: str, column: str, reason: str) -> None:
    with pytest.raises(intake.Turned) as caught:
        take_uci(written(tmp_path, UCI_ROW.replace("2,", "9,", 1), bad))

    assert refusals(caught.value) == [("uci.csv", 3, column, reason)]
    assert not Customer.objects.exists()


def test_missing_and_unknown_columns_are_named(db: None, tmp_path: Path) -> None:
    with pytest.raises(intake.Turned) as caught:
        take_uci(written(tmp_path, UCI_ROW, header=UCI_HEADER.replace("BILL_AMT2", "BILL_2")))

    assert refusals(caught.value) == [
        ("uci.csv", 0, "BILL_2", "the column is unknown"),
        ("uci.csv", 0, "BILL_AMT2", "the column is missing"),
    ]


def sample(number: int, tmp_path: Path) -> Path:
    """The file itself, or the first of every so many of its clients."""
    if number == 1:
        return DATA
    header, *clients = DATA.read_text(encoding="utf-8").splitlines()
    return written(tmp_path, *clients[::number], header=header)


@pytest.mark.skipif(not DATA.exists(), reason=f"the credit card data are not at {DATA}")
def test_every_statement_of_thousands_of_clients_is_what_the_ledger_says(fresh_database: str, tmp_path: Path) -> None:
    report = take_uci(sample(EVERY, tmp_path))
    with connections["owner"].cursor() as owner:
        owner.execute("analyze")  # as the server does by itself a minute later

    counts = [model.objects.count() for model in (Customer, Bill, Purchase, Repayment, Refund)]
    assert counts == COUNTS[EVERY]
    assert report.rows == report.created == counts[0]
    assert Bill.objects.exclude(statement_balance=None).count() == counts[1] == 6 * counts[0]
    assert statements.discrepancies() == []
    assert reconciliation.reconcile().differences == ()
