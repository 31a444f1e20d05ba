"""The filters of the lists of customers, bills and money, the same for a page and its endpoint."""

import datetime as dt
from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.bills.models import (
    Bill,
    Pause,
    Product,
    SuspenseItem,
)
from apps.bills.queries import plan_wording, suspense, wording
from apps.core.registry import Text
from apps.customers import queries as customers
from apps.customers.models import Customer


class Day(filters.DateFilter):
    """A date by the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}), **options)


class YesNo(filters.BooleanFilter):
    """Yes, no, or whichever."""

    def __init__(self, **options: Any) -> None:
        choices = [("", _("any")), ("true", _("yes")), ("false", _("no"))]
        super().__init__(widget=forms.Select(choices=choices), **options)


def _menu(words: wording.Words) -> list[tuple[str, Text]]:
    return [(str(value), word.label) for value, word in words.items() if value]


class OfCustomer(filters.FilterSet):
    """Rows of one customer."""

    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")


class Customers(filters.FilterSet):
    """Customers by name or reference and by how late they are."""

    q = filters.CharFilter(label=_("Reference or name"), method="matching")
    bucket = filters.ChoiceFilter(label=_("Bucket"), field_name="account__bucket", choices=_menu(wording.BUCKETS))

    def matching(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        """Those whose reference begins with the text or whose name holds it."""
        return customers.matching(rows, value)


class CreditLines(OfCustomer):
    """Credit lines of a customer."""


class Bills(OfCustomer):
    """Bills of a customer, by date, open or settled."""

    product = filters.ModelChoiceFilter(
        label=_("Product"), field_name="terms__product", queryset=Product.objects.order_by("code"), to_field_name="code"
    )
    is_open = YesNo(label=_("Open"), method="being_open")
    issued_from = Day(label=_("Issued from"), field_name="issued_date", lookup_expr="gte")
    issued_to = Day(label=_("Issued to"), field_name="issued_date", lookup_expr="lte")

    def being_open(self, rows: QuerySet[Bill], name: str, value: bool) -> QuerySet[Bill]:
        """Neither settled nor written off, or one of these."""
        still_open = Q(settled_date=None, written_off_date=None)
        return rows.filter(still_open if value else ~still_open)


class Repayments(OfCustomer):
    """Repayments of a customer, by reference, status and date."""

    reference = filters.CharFilter(label=_("Reference"), lookup_expr="startswith")
    status = filters.ChoiceFilter(label=_("Status"), choices=_menu(wording.RECEIPTS))
    channel = filters.ChoiceFilter(label=_("Channel"), choices=_menu(wording.CHANNELS))
    received_from = Day(label=_("Received from"), field_name="received_date", lookup_expr="gte")
    received_to = Day(label=_("Received to"), field_name="received_date", lookup_expr="lte")


class Purchases(OfCustomer):
    """Purchases of a customer or a merchant, by date."""

    reference = filters.CharFilter(label=_("Reference"), lookup_expr="startswith")
    merchant = filters.CharFilter(label=_("Merchant"), lookup_expr="istartswith")
    order_reference = filters.CharFilter(label=_("Order"))
    bought_from = Day(label=_("Bought from"), field_name="purchased_date", lookup_expr="gte")
    bought_to = Day(label=_("Bought to"), field_name="purchased_date", lookup_expr="lte")


class Refunds(OfCustomer):
    """Refunds of a customer or a purchase, by status and date."""

    purchase = filters.CharFilter(label=_("Purchase"), field_name="purchase__reference")
    status = filters.ChoiceFilter(label=_("Status"), choices=_menu(wording.RECEIPTS))
    refunded_from = Day(label=_("Refunded from"), field_name="refunded_date", lookup_expr="gte")
    refunded_to = Day(label=_("Refunded to"), field_name="refunded_date", lookup_expr="lte")


class Payouts(OfCustomer):
    """Payouts to a customer, by date."""

    paid_from = Day(label=_("Paid from"), field_name="paid_date", lookup_expr="gte")
    paid_to = Day(label=_("Paid to"), field_name="paid_date", lookup_expr="lte")


class Entries(OfCustomer):
    """Ledger entries of a customer or a bill, by kind, component and effective date."""

    bill = filters.CharFilter(label=_("Bill"), field_name="bill__reference")
    kind = filters.ChoiceFilter(label=_("Kind"), choices=_menu(wording.KINDS))
    component = filters.ChoiceFilter(label=_("Component"), choices=_menu(wording.COMPONENTS))
    effective_from = Day(label=_("Effective from"), field_name="effective_date", lookup_expr="gte")
    effective_to = Day(label=_("Effective to"), field_name="effective_date", lookup_expr="lte")


class Suspense(filters.FilterSet):
    """Money in suspense by where it stands, what it is called and when it came."""

    status = filters.ChoiceFilter(label=_("Status"), choices=_menu(wording.SUSPENSE))
    reference = filters.CharFilter(label=_("Reference"), lookup_expr="startswith")
    payer = filters.CharFilter(label=_("Payer"), method="paid_by")
    received_from = Day(label=_("Received from"), field_name="received_date", lookup_expr="gte")
    received_to = Day(label=_("Received to"), field_name="received_date", lookup_expr="lte")

    def paid_by(self, rows: QuerySet[SuspenseItem], name: str, value: str) -> QuerySet[SuspenseItem]:
        """Those whose payer's name holds the text."""
        return suspense.paid_by(rows, value)


class Debits(OfCustomer):
    """Debits by day, where they stand, and whose they are."""

    status = filters.ChoiceFilter(label=_("Status"), choices=_menu(wording.DEBITS))
    debit_from = Day(label=_("Debit date from"), field_name="debit_date", lookup_expr="gte")
    debit_to = Day(label=_("Debit date to"), field_name="debit_date", lookup_expr="lte")


class Pauses(OfCustomer):
    """Pauses of a customer, by reason and day."""

    reason = filters.ChoiceFilter(label=_("Reason"), choices=_menu(wording.PAUSES))
    on = Day(label=_("On the day"), method="holding")

    def holding(self, rows: QuerySet[Pause], name: str, value: dt.date) -> QuerySet[Pause]:
        """Those that hold the day and were not taken back."""
        return rows.filter(Q(end_date=None) | Q(end_date__gt=value), start_date__lte=value, cancelled_at=None)


class WriteOffs(OfCustomer):
    """Write-offs of a customer or a bill, by date, standing or reversed."""

    bill = filters.CharFilter(label=_("Bill"), field_name="bill__reference")
    stands = YesNo(label=_("Stands"), field_name="reversed_date", lookup_expr="isnull")
    written_off_from = Day(label=_("Written off from"), field_name="written_off_date", lookup_expr="gte")
    written_off_to = Day(label=_("Written off to"), field_name="written_off_date", lookup_expr="lte")


class Restructurings(OfCustomer):
    """Agreements by customer, bill and where they stand."""

    status = filters.ChoiceFilter(label=_("Status"), choices=_menu(plan_wording.STATUSES))
    kind = filters.ChoiceFilter(label=_("Kind"), choices=_menu(plan_wording.KINDS))
    bill = filters.CharFilter(label=_("Bill"), field_name="bill__reference")


class MonthEnds(filters.FilterSet):
    """Roll-ups by month's end and product."""

    month_end_date = Day(label=_("Month's end"))
    product = filters.CharFilter(label=_("Product"), field_name="product__code")


class Snapshots(OfCustomer):
    """Bills at month-ends by date, bill, customer, bucket, class and stage."""

    month_end_date = Day(label=_("Month's end"))
    bill = filters.CharFilter(label=_("Bill"), field_name="bill__reference")
    bucket = filters.ChoiceFilter(label=_("Bucket"), choices=_menu(wording.BUCKETS))
    class_2023 = filters.ChoiceFilter(label=_("Class, 2023 rule"), choices=_menu(wording.CLASSES))
    class_card = filters.ChoiceFilter(label=_("Class, card rule"), choices=_menu(wording.CLASSES))
    stage = filters.ChoiceFilter(label=_("IFRS 9 stage"), choices=[(n, str(n)) for n in (1, 2, 3)])
