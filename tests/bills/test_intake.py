import csv
import datetime as dt
import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from apps.audit.models import Change, Operation
from apps.bills.actions import intake
from apps.bills.models import Account, Bill, Instalment, LedgerEntry, Product, Purchase, Refund, Repayment
from apps.bills.queries import reconciliation, statements
from apps.core.domain.refusal import Refused
from apps.credit.models import CreditLine
from apps.customers.models import ContactPoint, Customer
from tests.bills.portfolios import EXAMPLE, example, folder, refusals, take

D = Decimal
PURCHASE_OTHER = "purchase EX-P-1 is another customer's or of another product"
NO_CURRENCY = "“yuan” is not a currency code of three capital letters"
NO_CONDITIONS = "the product has no conditions yet on 2025-12-31"
UNBILLED = "no bill names purchase P, which is due by itself"
BILL_OTHER = "bill EX-S-1 is not a statement of this customer and product on or after the purchase"
NAMELESS = "the product bills each purchase: the bill names it"
DUE_DATE = "by the product's conditions it is 2026-04-09"
NO_SHARE = "“1.5” is not a share from 0 to 1 with at most six decimals"


def refused(made: Path) -> list[tuple[str, int, str, str]]:
    """Take a folder that must be refused; nothing of it may be left."""
    with pytest.raises(intake.Turned) as caught:
        take(made)

    assert not Customer.objects.exists()
    assert not Product.objects.exists()
    assert not LedgerEntry.objects.exists()
    return refusals(caught.value)


def test_the_example_is_taken_whole(db: None) -> None:
    report = take(EXAMPLE, refusals=Path("unused.csv"))

    assert (report.rows, report.created, report.unchanged) == (19, 19, 0)
    counts = {m: m.objects.count() for m in (Customer, ContactPoint, CreditLine, Purchase, Bill, Repayment, Refund)}
    assert list(counts.values()) == [3, 4, 3, 4, 4, 2, 1]
    assert reconciliation.reconcile().differences == ()
    assert statements.discrepancies() == []


def test_a_person_has_the_profile_and_the_consents_of_the_file(db: None) -> None:
    take(EXAMPLE)

    amber = Customer.objects.get(reference="EX-1")
    assert amber.profile.facts == {"occupation": "baker", "birth_year": 1990}
    points = amber.contact_points.order_by("kind")
    assert [(point.kind, point.value.clear, point.consented_date) for point in points] == [
        ("email", "amber@whiteslip.example", dt.date(2026, 1, 5)),
        ("phone", "+8610000000001", dt.date(2026, 1, 5)),
    ]
    assert ContactPoint.objects.get(customer__reference="EX-2").consented_date is None


def test_instalments_follow_from_the_purchase_and_its_terms(db: None) -> None:
    take(EXAMPLE)

    assert list(
        Instalment.objects.filter(bill__reference="EX-B-2").order_by("number").values_list("due_date", "amount")
    ) == [
        (dt.date(2026, 2, 28), D("338.33")),
        (dt.date(2026, 3, 31), D("338.33")),
        (dt.date(2026, 4, 30), D("338.34")),
    ]
    assert Bill.objects.get(reference="EX-B-2").instalment_fee == 15
    assert Purchase.objects.get(reference="EX-P-2").bill_id == Bill.objects.get(reference="EX-B-2").pk


def test_accounts_are_posted_with_the_rows(db: None) -> None:
    take(EXAMPLE)

    assert Bill.objects.get(reference="EX-B-1").settled_date == dt.date(2026, 2, 9)
    assert Account.objects.get(customer__reference="EX-2").balance == D("240.50")
    assert not Account.objects.filter(customer__reference="EX-3").exists()


def test_the_same_files_twice_change_nothing(db: None) -> None:
    take(EXAMPLE)
    before = LedgerEntry.objects.count(), Change.objects.count()

    report = take(EXAMPLE)

    assert (report.rows, report.created, report.unchanged) == (19, 0, 19)
    assert (LedgerEntry.objects.count(), Change.objects.count()) == before


def test_a_later_folder_refers_to_the_book(db: None, tmp_path: Path) -> None:
    take(EXAMPLE)
    later = tmp_path / "later"
    later.mkdir()
    (later / "repayments.csv").write_text(
        "reference,customer,received_date,amount,bill\nEX-R-9,EX-1,2026-03-02,10.00,EX-B-2\n"
    )

    report = take(later)

    assert (report.rows, report.created) == (1, 1)
    assert Repayment.objects.get(reference="EX-R-9").bill_id == Bill.objects.get(reference="EX-B-2").pk
    assert reconciliation.reconcile().differences == ()


def test_one_operation_holds_the_files_their_digests_and_the_counts(db: None) -> None:
    before = set(Change.objects.values_list("op_seq", flat=True))

    take(EXAMPLE)

    operation = Operation.objects.get(action="portfolio.import")
    assert operation.sentence == (
        "Imported 19 rows of products.csv, customers.csv, credit_lines.csv, purchases.csv, bills.csv, repayments.csv, "
        "refunds.csv: 19 new, 0 known."
    )
    assert '"sha256"' in operation.detail
    assert set(Change.objects.values_list("op_seq", flat=True)) - before == {operation.seq}


def test_a_refusal_is_kept_in_the_book(db: None, tmp_path: Path) -> None:
    refused(folder(tmp_path, repayments="reference,customer,received_date,amount\nR,EX-7,2026-02-09,1.00\n"))

    assert Operation.objects.get(action="portfolio.import").decision == "deny"


def test_known_references_with_other_content_are_named(db: None, tmp_path: Path) -> None:
    take(EXAMPLE)
    changed = {
        "customers": example("customers").replace("Amber Fig", "Amber Date"),
        "credit_lines": example("credit_lines").replace("5000.00", "6000.00"),
        "purchases": example("purchases").replace("240.50", "240.60"),
        "bills": example("bills").replace("240.50,240.50,0", "240.50,240.60,0"),
        "repayments": example("repayments").replace("bank", "cash"),
        "refunds": example("refunds").replace("50.00", "51.00"),
        "products": example("products").replace("0.005,", "0.006,"),
    }

    with pytest.raises(intake.Turned) as caught:
        take(folder(tmp_path, **changed))

    assert refusals(caught.value) == [
        ("bills.csv", 4, "statement_balance", "it is known with other content: the book has 240.50"),
        ("credit_lines.csv", 2, "limit", "it is known with other content: the book has 5000.00"),
        ("customers.csv", 2, "name", "it is known with other content: the book has another"),
        ("products.csv", 2, "monthly_fee_rate", "it is known with other content: the book has 0.005000"),
        ("purchases.csv", 4, "amount", "it is known with other content: the book has 240.50"),
        ("refunds.csv", 2, "amount", "it is known with other content: the book has 50.00"),
        ("repayments.csv", 3, "channel", "it is known with other content: the book has bank"),
    ]


@pytest.mark.parametrize(
    ("name", "row", "column", "reason"),
    [
        ("repayments", "R,EX-1,2026-02-09,1.125,,", "amount", "1.125 has more than two decimals"),
        ("repayments", "R,EX-1,2026-02-09,1.100,,", "amount", "1.100 has more than two decimals"),
        ("repayments", "R,EX-1,2026-02-09,0.00,,", "amount", "0.00 is not above zero"),
        ("repayments", "R,EX-1,2026-02-09,-5,,", "amount", "-5 is not above zero"),
        ("repayments", 'R,EX-1,2026-02-09,"1,000.00",,', "amount", "“1,000.00” is not an amount of money"),
        ("repayments", "R,EX-1,2026-02-09,NaN,,", "amount", "“NaN” is not an amount of money"),
        ("repayments", "R,EX-1,2026-02-09,1e3,,", "amount", "“1e3” is not an amount of money"),
        ("repayments", "R,EX-1,2026-02-09,1000000000000,,", "amount", "1000000000000 is larger than an amount may be"),
        ("repayments", "R,EX-1,2026-02-09,,,", "amount", "it is empty"),
        ("repayments", "R,EX-1,2026-09-02,1.00,,", "received_date", "2026-09-02 is after today"),
        ("repayments", "R,EX-1,2026-02-29,1.00,,", "received_date", "“2026-02-29” is a date that does not exist"),
        ("repayments", "R,EX-1,2026-13-01,1.00,,", "received_date", "“2026-13-01” is a date that does not exist"),
        ("repayments", "R,EX-1,0000-01-01,1.00,,", "received_date", "“0000-01-01” is a date that does not exist"),
        ("repayments", "R,EX-1,09/02/2026,1.00,,", "received_date", "“09/02/2026” is not a date like 2026-01-31"),
        ("repayments", "R,EX-7,2026-02-09,1.00,,", "customer", "there is no customer EX-7"),
        ("repayments", "R,EX-1,2026-02-09,1.00,EX-B-7,", "bill", "there is no bill EX-B-7"),
        ("repayments", "R,EX-1,2026-02-09,1.00,EX-S-1,", "bill", "bill EX-S-1 is another customer's"),
        ("repayments", "EX-R-1,EX-1,2026-02-09,1000.00,EX-B-1,auto_debit", "reference", "EX-R-1 was there already"),
        ("repayments", "R,EX-1,2026-02-09,1.00", "", "the row has 4 fields, the header another number"),
        ("repayments", f"{'R' * 41},EX-1,2026-02-09,1.00,,", "reference", f"“{'R' * 41}” is too long"),
        ("repayments", "R\0,EX-1,2026-02-09,1.00,,", "", "“” holds a character that cannot be kept (NUL)"),
        ("refunds", "F,EX-2,2026-02-01,1.00,EX-P-1", "purchase", PURCHASE_OTHER),
        ("credit_lines", "L,EX-1,CNY,1.00,2026-02-01", "customer", "customer EX-1 has another credit line already"),
        ("credit_lines", "L,EX-7,CNY,1.00,2026-02-01", "customer", "there is no customer EX-7"),
        ("credit_lines", "L,EX-7,yuan,-1,2026-02-01", "currency", NO_CURRENCY),
        ("customers", "EX-9,Opal,2026-02-01,fr,,,,,,,", "language", "“fr” is not one of the values it may have"),
        ("customers", "EX-9,Opal,2026-02-01,,Mars/Base,,,,,,", "time_zone", "“Mars/Base” is not a time zone"),
        ("purchases", "P,EX-1,credit,2026-02-01,1.00,1,,,", "product", "there is no product credit"),
        ("purchases", "P,EX-1,monthly,2025-12-31,1.00,1,,,", "product", NO_CONDITIONS),
        ("purchases", "P,EX-1,pay-later,2026-02-01,1,61,,,", "instalments", "“61” is not a whole number in its range"),
        ("purchases", "P,EX-1,pay-later,2026-02-01,1.00,1,,,", "reference", UNBILLED),
        ("purchases", "P,EX-2,monthly,2026-02-01,1.00,1,EX-S-9,,", "bill", "there is no bill EX-S-9"),
        ("purchases", "P,EX-2,monthly,2026-02-01,1.00,1,EX-S-1,,", "bill", BILL_OTHER),
        ("bills", "B,EX-1,pay-later,,2026-02-01,,1.00,,", "purchase", NAMELESS),
        ("bills", "B,EX-1,pay-later,EX-P-7,2026-02-01,,1.00,,", "purchase", "there is no purchase EX-P-7"),
        ("bills", "B,EX-1,pay-later,EX-P-1,,,,,", "purchase", "purchase EX-P-1 has another bill already"),
        ("bills", "B,EX-2,monthly,,,,1.00,1.00,", "issued_date", "it is empty"),
        ("bills", "B,EX-2,monthly,,2026-03-31,,1.00,,", "statement_balance", "it is empty"),
        ("bills", "B,EX-2,monthly,,2026-03-31,2026-04-10,1.00,1.00,", "due_date", DUE_DATE),
        ("products", "card,Card,CNY,weekly,2026-01-01,,,,,,", "mode", "“weekly” is not one of the values it may have"),
        ("products", "card,Card,CNY,order,2026-01-01,,,,1.5,,", "minimum_rate", NO_SHARE),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_taken(
    db: None, tmp_path: Path, name: str, row: str, column: str, reason: str
) -> None:
    lines = example(name).rstrip("\n").splitlines()

    found = refused(folder(tmp_path, **{name: "\n".join([*lines, row]) + "\n"}))

    assert (f"{name}.csv", len(lines) + 1, column, reason) in found
    assert {(file, number) for file, number, _, _ in found} == {(f"{name}.csv", len(lines) + 1)}


def test_a_purchase_in_another_currency_than_the_credit_line_is_refused(db: None, tmp_path: Path) -> None:
    found = refused(folder(tmp_path, credit_lines=example("credit_lines").replace("EX-2,CNY", "EX-2,EUR")))

    assert ("bills.csv", 4, "product", "it is in CNY, the customer's credit line in EUR") in found


def test_the_columns_are_checked_before_the_rows(db: None, tmp_path: Path) -> None:
    made = folder(tmp_path, refunds="reference,customer,refunded_date,amonut,amonut\nF,EX-1,2026-02-01,1.00,1.00\n")

    assert refused(made) == [
        ("refunds.csv", 0, "amonut", "the column is there twice"),
        ("refunds.csv", 0, "amonut", "the column is unknown"),
        ("refunds.csv", 0, "amonut", "the column is unknown"),
        ("refunds.csv", 0, "amount", "the column is missing"),
    ]


def test_every_bad_row_is_in_the_file_of_refusals_and_the_first_hundred_are_shown(db: None, tmp_path: Path) -> None:
    rows = "".join(f"R-{number},EX-1,2026-02-09,0.001\n" for number in range(250))
    made = folder(tmp_path, repayments="reference,customer,received_date,amount\n" + rows)

    with pytest.raises(intake.Turned) as caught:
        take(made)

    assert (caught.value.rows, caught.value.faults, len(caught.value.shown)) == (250, 250, 100)
    assert caught.value.sentence == f"Nothing was taken: 250 bad rows are named in {tmp_path / 'refusals.csv'}."
    with (tmp_path / "refusals.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file))
    assert written[0] == ["file", "row", "column", "reason"]
    assert written[250] == ["repayments.csv", "251", "amount", "0.001 has more than two decimals"]


def test_a_byte_order_mark_and_windows_line_ends_are_read(db: None, tmp_path: Path) -> None:
    windows = {name: b"\xef\xbb\xbf" + example(name).replace("\n", "\r\n").encode() for name in ("customers", "bills")}

    assert take(folder(tmp_path, **windows)).created == 19


def test_gbk_is_refused_with_the_line(db: None, tmp_path: Path) -> None:
    made = folder(tmp_path, customers=example("customers").encode("gbk"))

    with pytest.raises(Refused) as caught:
        take(made)

    assert caught.value.sentence == (
        "customers.csv, line 3: not UTF-8 (byte 0xE7). "
        "Save the file as CSV in UTF-8; GBK, Big5 and UTF-16 are not read."
    )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("customers.csv", b"", "file_empty"),
        ("customers.csv", b"\n", "file_empty"),
        ("customers.csv", b'reference,name,joined_date\nEX-9,"Opal,2026-01-01\n', "file_not_csv"),
        ("customers.csv", b"x" * 3_000_000, "file_not_csv"),
        ("customers.parquet", b"", "file_empty"),
        ("customers.parquet", b"PAR1 and then nothing", "file_not_parquet"),
        ("customer.csv", b"reference\n", "file_unknown"),
        ("readme.txt", b"no table", "folder_empty"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(
    db: None, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Refused) as caught:
        take(tmp_path)

    assert caught.value.code == code


def test_a_folder_that_is_not_there_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        take(tmp_path / "nowhere")

    assert caught.value.code == "folder_missing"


def test_the_same_table_as_csv_and_parquet_is_refused(db: None, tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made / "bills.parquet").write_bytes(b"PAR1")

    with pytest.raises(Refused) as caught:
        take(made)

    assert caught.value.code == "file_twice"


def as_parquet(made: Path) -> None:
    for path in made.glob("*.csv"):
        as_text = pa_csv.ConvertOptions(column_types={"phone": pa.string()})
        pq.write_table(pa_csv.read_csv(path, convert_options=as_text), path.with_suffix(".parquet"), row_group_size=2)
        path.unlink()


def test_parquet_says_the_same_as_csv(db: None, tmp_path: Path) -> None:
    take(EXAMPLE)
    made = folder(tmp_path)
    as_parquet(made)
    midnight = pa.array([dt.date(2026, 1, 5)], pa.date32()).cast(pa.timestamp("ns"))
    lines = {
        "reference": ["EX-1-L"],
        "customer": ["EX-1"],
        "currency": ["CNY"],
        "opened_date": midnight,
        "limit": pa.array([D("5000.0000")], pa.decimal128(18, 4)),
    }
    pq.write_table(pa.table(lines), made / "credit_lines.parquet")

    report = take(made)

    assert (report.rows, report.created, report.unchanged) == (17, 0, 17)


def test_a_truncated_parquet_is_refused_by_name(db: None, tmp_path: Path) -> None:
    made = folder(tmp_path)
    as_parquet(made)
    whole = (made / "purchases.parquet").read_bytes()
    (made / "purchases.parquet").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Refused) as caught:
        take(made)

    assert caught.value.code == "file_not_parquet"
    assert caught.value.sentence.startswith("purchases.parquet is not a whole Parquet file: ")
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("word", "number"), [("Take", signal.SIGKILL), ("Post", signal.SIGKILL), ("Post", signal.SIGINT)]
)
def test_an_import_that_is_interrupted_leaves_nothing(fresh_database: str, word: str, number: int) -> None:
    code = (
        "import os, signal, django; django.setup()\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored where the suite runs in the background
        "from tests.bills.portfolios import EXAMPLE, take\n"
        f"halfway = lambda what, share: what.startswith({word!r}) and share and os.kill(os.getpid(), {number})\n"
        "take(EXAMPLE, progress=halfway)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run([sys.executable, "-c", code], env=environment, check=False, capture_output=True)

    assert done.returncode != 0
    assert not Customer.objects.exists()
    assert not Product.objects.exists()
    assert not Operation.objects.filter(action="portfolio.import", decision="allow").exists()
    assert take(EXAMPLE).created == 19
