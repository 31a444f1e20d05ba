"""The files of a portfolio: their columns, and the sentences with which a row is refused (docs/portfolio.md)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from apps.bills.domain.kinds import Component, EarlySettlement, Licence, Mode
from apps.bills.domain.terms import INSTALMENT_COUNTS, WATERFALL
from apps.customers.domain.contact import ContactKind

PROFILE = re.compile(r"profile_[a-z][a-z0-9_]{0,30}")  # any such column is a fact of the customer's profile
EARLIEST = "1900-01-01"  # an earlier date is a slip


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    CURRENCY = "currency"
    ZONE = "zone"
    CHOICE = "choice"
    WATERFALL = "waterfall"
    COUNTS = "counts"  # numbers of instalments
    DATE = "date"  # never after the day of the import
    START = "start"  # a date that may lie ahead
    ABOVE_ZERO = "above_zero"  # money
    NOT_NEGATIVE = "not_negative"  # money
    SIGNED = "signed"  # money
    SHARE = "share"  # 0 to 1, six decimals
    INTEGER = "integer"


MONEY = frozenset((Kind.ABOVE_ZERO, Kind.NOT_NEGATIVE, Kind.SIGNED))
DATES = frozenset((Kind.DATE, Kind.START))


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` ones must be there, `filled` ones must hold something in every row."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = True
    filled: bool = True
    size: int = 40
    lowest: int = 0
    highest: int = 0
    choices: tuple[str, ...] = ()
    default: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One file of the folder; `key` names a row for people."""

    name: str
    columns: tuple[Column, ...]
    key: str = "reference"

    @property
    def by_name(self) -> dict[str, Column]:
        """The columns by their names."""
        return {column.name: column for column in self.columns}


def _optional(name: str, kind: Kind = Kind.TEXT, *, size: int = 40, default: str = "") -> Column:
    return Column(name, kind, required=False, filled=False, size=size, default=default)


def _number(name: str, lowest: int, highest: int, default: str = "") -> Column:
    return Column(name, Kind.INTEGER, required=False, filled=False, lowest=lowest, highest=highest, default=default)


REFERENCE = Column("reference")
CUSTOMER = Column("customer")
PRODUCT = Column("product", size=50)
CONTACTS = tuple(ContactKind)
BEGUN = EarlySettlement.BEGUN_PERIODS

PRODUCTS = Table(
    "products",
    (
        Column("code", size=50),
        Column("name", size=100),
        Column("currency", Kind.CURRENCY),
        Column("mode", Kind.CHOICE, choices=tuple(Mode)),
        Column("effective_date", Kind.START),
        _number("deferred_days", 0, 60, "30"),
        _number("due_days", 0, 60, "9"),
        _number("statement_day", 0, 31, "1"),
        _optional("minimum_rate", Kind.SHARE, default="1"),
        _optional("monthly_fee_rate", Kind.SHARE, default="0"),
        _optional("late_fee_daily_rate", Kind.SHARE, default="0"),
        _optional("late_fee_daily_floor", Kind.NOT_NEGATIVE, default="0.01"),
        Column("waterfall", Kind.WATERFALL, False, False, choices=tuple(Component), default=" ".join(WATERFALL)),
        Column("licence", Kind.CHOICE, False, False, choices=tuple(Licence), default=Licence.MICRO_LOAN),
        _optional("instalment_counts", Kind.COUNTS, default=" ".join(map(str, INSTALMENT_COUNTS))),
        _number("grace_days", 0, 60, "0"),
        _optional("early_repayment_minimum", Kind.NOT_NEGATIVE, default="10.00"),
        Column("early_settlement", Kind.CHOICE, False, False, choices=tuple(EarlySettlement), default=BEGUN),
        _number("principal_first_after_days", 0, 999),
        _optional("revolving_daily_rate", Kind.SHARE, default="0"),
        Column("late_fees_in_cap", Kind.CHOICE, False, False, choices=("yes", "no"), default="yes"),
    ),
    key="code",
)
CUSTOMERS = Table(
    "customers",
    (
        REFERENCE,
        Column("name", size=100),
        Column("joined_date", Kind.DATE),
        Column("language", Kind.CHOICE, False, False, choices=("en", "zh-hans"), default="zh-hans"),
        _optional("time_zone", Kind.ZONE, default="Asia/Shanghai"),
        _optional("identity"),  # the number of the identity document
        *(_optional(kind.value, size=200) for kind in CONTACTS),
        *(_optional(f"{kind}_consented_date", Kind.DATE) for kind in CONTACTS),
    ),
)
CREDIT_LINES = Table(
    "credit_lines",
    (
        REFERENCE,
        CUSTOMER,
        Column("currency", Kind.CURRENCY),
        Column("limit", Kind.NOT_NEGATIVE),
        Column("opened_date", Kind.DATE),
    ),
)
PURCHASES = Table(
    "purchases",
    (
        REFERENCE,
        CUSTOMER,
        PRODUCT,
        Column("purchased_date", Kind.DATE),
        Column("amount", Kind.ABOVE_ZERO),
        _number("instalments", 1, 60, "1"),
        _optional("bill"),  # statement mode: the statement that billed it
        _optional("merchant", size=100),
        _optional("order_reference", size=60),
    ),
)
BILLS = Table(
    "bills",
    (
        REFERENCE,
        CUSTOMER,
        PRODUCT,
        _optional("purchase"),  # order mode: the purchase that it bills
        _optional("issued_date", Kind.DATE),
        _optional("due_date", Kind.START),
        _optional("principal", Kind.NOT_NEGATIVE),
        _optional("statement_balance", Kind.SIGNED),
        _number("reported_status", -2, 99),
    ),
)
REPAYMENTS = Table(
    "repayments",
    (
        REFERENCE,
        CUSTOMER,
        Column("received_date", Kind.DATE),
        Column("amount", Kind.ABOVE_ZERO),
        _optional("bill"),  # the one that the payer designated
        _optional("channel", size=20),
    ),
)
REFUNDS = Table(
    "refunds",
    (
        REFERENCE,
        CUSTOMER,
        Column("refunded_date", Kind.DATE),
        Column("amount", Kind.ABOVE_ZERO),
        _optional("purchase"),
    ),
)
TABLES = (PRODUCTS, CUSTOMERS, CREDIT_LINES, PURCHASES, BILLS, REPAYMENTS, REFUNDS)
BY_NAME = {table.name: table for table in TABLES}


REASONS = {
    "column_missing": "the column is missing",
    "column_unknown": "the column is unknown",
    "column_twice": "the column is there twice",
    "fields": "the row has {value} fields, the header another number",
    "empty": "it is empty",
    "long": "“{value}” is too long",
    "character": "“{value}” holds a character that cannot be kept (NUL)",
    "currency": "“{value}” is not a currency code of three capital letters",
    "zone": "“{value}” is not a time zone",
    "choice": "“{value}” is not one of the values it may have",
    "date": "“{value}” is not a date like 2026-01-31",
    "date_impossible": "“{value}” is a date that does not exist",
    "date_ahead": "{value} is after today",
    "amount_not_a_number": "“{value}” is not an amount of money",
    "amount_decimals": "{value} has more than two decimals",
    "amount_not_positive": "{value} is not above zero",
    "amount_negative": "{value} is below zero",
    "amount_too_large": "{value} is larger than an amount may be",
    "share": "“{value}” is not a share from 0 to 1 with at most six decimals",
    "integer": "“{value}” is not a whole number in its range",
    "counts": "“{value}” are not numbers of instalments from 1 to 60, each once, in order",
    "above_cap": "it costs {value}",
    "not_offered": "{value}",
    "duplicate": "{value} was there already",
    "unreadable": "{value}",
    "cut": "the file ends in the middle of this row: it may have been cut off",
    "known": "it is known with other content: {value}",
    "known_otherwise": "{value} is known with other content",
    "currency_account": "the customer's account is not in {value}",
    "customer_unknown": "there is no customer {value}",
    "product_unknown": "there is no product {value}",
    "product_terms": "the product has no conditions yet on {value}",
    "product_mode": "{value}",
    "currency_other": "{value}",
    "bill_unknown": "there is no bill {value}",
    "bill_other": "bill {value} is not a statement of this customer and product on or after the purchase",
    "bill_of_another": "bill {value} is another customer's",
    "bill_later": "bill {value} was issued after the money came",
    "purchase_unknown": "there is no purchase {value}",
    "purchase_other": "purchase {value} is another customer's or of another product",
    "purchase_later": "purchase {value}",
    "above_purchase": "{value}",
    "purchase_twice": "purchase {value} has another bill already",
    "unbilled": "no bill names purchase {value}, which is due by itself",
    "differs": "{value}",
    "line_twice": "customer {value} has another credit line already",
    "uci_number": "“{value}” is not a number that this column can hold",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """One bad row: where it is and why it is refused; row 0 is the file as a whole."""

    file: str
    row: int
    column: str
    code: str
    value: str

    @property
    def reason(self) -> str:
        """The reason as a sentence's end."""
        return REASONS[self.code].format(value=self.value)
