"""The *default of credit card clients* data as a portfolio (rules in docs/portfolio.md, conversion in the domain)."""

import datetime as dt
import json
from pathlib import Path

from apps.bills.actions.intake import book
from apps.bills.actions.intake.book import Report
from apps.bills.actions.intake.staging import Progress, Staging
from apps.bills.domain import uci
from apps.bills.domain.kinds import EarlySettlement, Licence, Mode
from apps.bills.domain.portfolio import CUSTOMERS, Refusal
from apps.bills.domain.terms import WATERFALL
from apps.bills.queries import sources
from apps.bills.queries.sources import Batch, Source
from apps.core.domain.actor import Actor

TARGETS = {
    "customers": "row, reference, name, joined_date, time_zone, profile, language, identity",
    "credit_lines": 'row, reference, customer, currency, "limit", opened_date',
    "purchases": (
        "row, reference, customer, product, purchased_date, amount, bill, instalments, merchant, order_reference"
    ),
    "bills": "row, reference, customer, product, issued_date, principal, statement_balance, reported_status, purchase",
    "repayments": "row, reference, customer, received_date, amount, bill, channel",
    "refunds": "row, reference, customer, refunded_date, amount, purchase",
}
TABLES = ("products", *TARGETS)
PRODUCT = (
    0, uci.PRODUCT, "Credit card (UCI 350)", uci.CURRENCY, Mode.STATEMENT, uci.FIRST_DATE, 30, uci.DUE_DAYS, 0,
    uci.MINIMUM_RATE, 0, 0, 0, " ".join(WATERFALL), Licence.MICRO_LOAN, "1", 0, 0, EarlySettlement.FULL_FEE, 0, "yes",
)  # fmt: skip
PRODUCT_COLUMNS = (
    "row, code, name, currency, mode, effective_date, deferred_days, due_days, statement_day, "
    "minimum_rate, monthly_fee_rate, late_fee_daily_rate, late_fee_daily_floor, waterfall, licence, instalment_counts, "
    "grace_days, early_repayment_minimum, early_settlement, revolving_daily_rate, late_fees_in_cap"
)


def take_uci(*, file: Path, refusals: Path, by: Actor, at: dt.datetime, progress: Progress) -> Report:
    """Take the file, or refuse it: then `refusals` names every bad row."""
    source = sources.open_source(file)
    return book.take(
        files=[file],
        stage=lambda staging: _stage(staging, source, progress),
        tables=TABLES,
        refusals=refusals,
        by=by,
        at=at,
        progress=progress,
    )


def _stage(staging: Staging, source: Source, progress: Progress) -> int:
    bad = [(name, "column_missing") for name in uci.lacking(source.header)]
    bad += [(name, "column_unknown") for name in uci.unknown(source.header)]
    if bad:
        staging.refuse(Refusal(source.name, 0, name, code, "") for name, code in bad)
        return 0
    rows = 0
    for batch in source.batches():
        rows += len(batch.rows) + len(batch.refusals)
        _convert(staging, batch, source)
        progress(f"Read {source.name}", batch.share)
    staging.name_duplicates(CUSTOMERS, file=source.name, column="ID")
    (refused,) = staging.fetch("select exists (select from refusal)")
    if not refused:
        _compare(staging, source.name, progress)
    return rows


def _convert(staging: Staging, batch: Batch, source: Source) -> None:
    """Turn rows into records and copy these into the typed tables; a faulty row is named instead."""
    records, refusals = uci.nothing(), list(batch.refusals)
    for number, fields in batch.rows:
        row = dict(zip(source.header, fields, strict=True))
        bad = uci.faults(row)
        if bad:
            refusals += [Refusal(source.name, number, name, "uci_number", value) for name, value in bad]
        else:
            uci.convert(records, number, row)
    staging.refuse(refusals)
    rows = {
        "customers": ((*row[:-1], json.dumps(row[-1]), "zh-hans", "") for row in records.customers),
        "credit_lines": records.credit_lines,
        "purchases": ((*row, 1, "", "") for row in records.purchases),
        "bills": ((*row, "") for row in records.bills),
        "repayments": ((*row, "", "") for row in records.repayments),
        "refunds": ((*row, "") for row in records.refunds),
    }
    for name, columns in TARGETS.items():
        staging.copy(f"staged_{name} ({columns})", rows[name])


def _compare(staging: Staging, file: str, progress: Progress) -> None:
    """Find what the book knows of the records, and name what it knows otherwise."""
    progress("Check the rows against the book", 0)
    staging.copy(f"staged_products ({PRODUCT_COLUMNS})", [PRODUCT])
    staging.execute(f"analyze {', '.join(f'staged_{name}' for name in TABLES)}")
    staging.recognise(TABLES)
    staging.run("load_products", file=file)
    staging.run("refer")
    for number, name in enumerate(TABLES, start=1):
        staging.name_known(name, file=file, prefix=f"{name}.")
        progress("Check the rows against the book", number / len(TABLES))
