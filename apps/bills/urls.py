"""Addresses of customers, bills and money."""

from django.urls import path

import apps.closing.urls  # noqa: F401 - registers the days in addresses
from apps.bills.api.bills import Bills, LedgerEntries
from apps.bills.api.caps import Caps
from apps.bills.api.customers import CreditLines, Customers
from apps.bills.api.debits import Debits
from apps.bills.api.intakes import Intakes
from apps.bills.api.money import Payouts, Purchases, Refunds
from apps.bills.api.month_ends import ClassRollUps, MonthRollUps, Snapshots
from apps.bills.api.pauses import Pauses
from apps.bills.api.products import Products
from apps.bills.api.repayments import Repayments
from apps.bills.api.restructurings import Restructurings
from apps.bills.api.suspense import Suspense
from apps.bills.api.write_offs import WriteOffs
from apps.bills.views import (
    bills,
    caps,
    customers,
    debits,
    erasure,
    intakes,
    month_ends,
    pauses,
    payouts,
    products,
    purchases,
    receipts,
    restructurings,
    reveals,
    statement,
    suspense,
    waivers,
    write_offs,
)

app_name = "bills"
urlpatterns = [
    path("customers/", customers.customers, name="customers"),
    path("customers/<str:reference>/", customers.customer, name="customer"),
    path("customers/<str:reference>/ledger/", customers.entries, name="ledger"),
    path("customers/<str:reference>/statement/", statement.statement, name="statement"),
    path("customers/<str:reference>/statement/print/", statement.print_statement, name="print_statement"),
    path("customers/<str:reference>/statement/pdf/", statement.download_statement, name="download_statement"),
    path("customers/<str:reference>/repayment/", receipts.record_repayment, name="record_repayment"),
    path("reveals/", reveals.reveals, name="reveals"),
    path("customers/<str:reference>/reveal/", reveals.reveal, name="reveal"),
    path("suspense/<str:reference>/reveal/", reveals.reveal_payer, name="reveal_payer"),
    path("customers/<str:reference>/erasure/", erasure.request_erasure, name="request_erasure"),
    path("customers/<str:reference>/pause/", pauses.begin_pause, name="begin_pause"),
    path("pauses/<str:reference>/end/", pauses.end_pause, name="end_pause"),
    path("pauses/<str:reference>/cancellation/", pauses.cancel_pause, name="cancel_pause"),
    path("bills/", bills.bills, name="bills"),
    path("month-ends/", month_ends.month_ends, name="month_ends"),
    path("month-ends/<date:date>/", month_ends.month_ends, name="month_end"),
    path("month-ends/<date:date>/bills.csv", month_ends.month_end_bills, name="month_end_bills"),
    path("bills/<str:reference>/", bills.bill, name="bill"),
    path("bills/<str:reference>/waiver/", waivers.request_waiver, name="request_waiver"),
    path("customers/<str:reference>/payout/", payouts.request_payout, name="request_payout"),
    path("payouts/<str:reference>/", payouts.payout, name="payout"),
    path("payouts/<str:reference>/reversal/", payouts.reverse_payout, name="reverse_payout"),
    path("bills/<str:reference>/settlement/", payouts.settle, name="settlement"),
    path("bills/<str:reference>/restructuring/", restructurings.restructure_bill, name="restructure_bill"),
    path("customers/<str:reference>/restructuring/", restructurings.restructure_customer, name="restructure_customer"),
    path("restructurings/<str:reference>/undoing/", restructurings.undo_restructuring, name="undo_restructuring"),
    path("purchases/", purchases.purchases, name="purchases"),
    path("purchases/<str:reference>/", purchases.purchase, name="purchase"),
    path("purchases/<str:reference>/refund/", purchases.record_refund, name="record_refund"),
    path("refunds/<str:reference>/", purchases.refund, name="refund"),
    path("refunds/<str:reference>/reversal/", purchases.reverse_refund, name="reverse_refund"),
    path("bills/<str:reference>/write-off/", write_offs.request_write_off, name="request_write_off"),
    path("write-offs/", write_offs.write_offs, name="write_offs"),
    path(
        "write-offs/<str:reference>/reversal/",
        write_offs.request_write_off_reversal,
        name="request_write_off_reversal",
    ),
    path("repayments/", receipts.repayments, name="repayments"),
    path("repayments/<str:reference>/", receipts.repayment, name="repayment"),
    path("repayments/<str:reference>/reversal/", receipts.reverse_repayment, name="reverse_repayment"),
    path("caps/", caps.caps, name="caps"),
    path("caps/new/", caps.propose_cap, name="propose_cap"),
    path("products/", products.products, name="products"),
    path("products/new/", products.new_product, name="new_product"),
    path("products/<slug:code>/", products.product, name="product"),
    path("products/<slug:code>/conditions/", products.propose_terms, name="propose_terms"),
    path("products/<slug:code>/preview/", products.preview_terms, name="preview_terms"),
    path("customers/<str:reference>/mandate/", debits.agree_mandate, name="agree_mandate"),
    path("mandates/<str:reference>/revocation/", debits.revoke_mandate, name="revoke_mandate"),
    path("debits/", debits.debits, name="debits"),
    path("debits/<str:reference>/withdrawal/", debits.withdraw_debit, name="withdraw_debit"),
    path("intakes/", intakes.intakes, name="intakes"),
    path("intakes/<str:reference>/", intakes.intake, name="intake"),
    path("intakes/<str:reference>/refusals/", intakes.intake_refusals, name="intake_refusals"),
    path("suspense/", suspense.suspense, name="suspense"),
    path("suspense/<str:reference>/", suspense.suspense_item, name="suspense_item"),
    path("suspense/<str:reference>/assignment/", suspense.assign_suspense, name="assign_suspense"),
    path("suspense/<str:reference>/return/", suspense.return_suspense, name="return_suspense"),
]
endpoints = [
    ("customers", Customers),
    ("credit-lines", CreditLines),
    ("bills", Bills),
    ("purchases", Purchases),
    ("refunds", Refunds),
    ("payouts", Payouts),
    ("repayments", Repayments),
    ("restructurings", Restructurings),
    ("products", Products),
    ("cost-caps", Caps),
    ("debits", Debits),
    ("suspense", Suspense),
    ("intakes", Intakes),
    ("pauses", Pauses),
    ("write-offs", WriteOffs),
    ("ledger-entries", LedgerEntries),
    ("snapshots", Snapshots),
    ("class-roll-ups", ClassRollUps),
    ("month-roll-ups", MonthRollUps),
]
