"""Who owes what: the list of customers, one customer's statement, and the ledger."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters
from apps.bills.queries import (
    bills,
    debits,
    ledger,
    observations,
    pauses,
    payouts,
    people,
    receipts,
    restructurings,
)
from apps.closing import queries as closing
from apps.core import queries as core

RECENT = 12


@requires(Permission.CUSTOMER_READ)
def customers(request: HttpRequest) -> HttpResponse:
    """Customers with what they owe and how late they are."""
    found = filters.Customers(request.GET, people.visible_to(user_of(request)))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    as_of = closing.last_closed_date()
    rows = [(customer, people.lateness_of(customer, as_of)) for customer in page.rows]
    return render(request, "bills/customers.html", {"filter": found, "page": page, "rows": rows, "as_of": as_of})


@requires(Permission.CUSTOMER_READ, Permission.BILL_READ)
def customer(request: HttpRequest, reference: str) -> HttpResponse:
    """One customer's statement: who, the standing, bills, money received, and the ledger's last entries."""
    user = user_of(request)
    found = get_object_or_404(people.visible_to(user), reference=reference)
    business_date = closing.business_date_at(timezone.now())
    as_of = closing.last_closed_date()
    recent = bills.aged(bills.visible_to(user), as_of).filter(customer=found).order_by("-issued_date", "-pk")
    mandates = debits.mandates_of(found, user)
    context = {
        "customer": found,
        "mandates": mandates,
        "has_mandate": any(mandate.revoked_date is None for mandate in mandates),
        "debits": debits.visible_to(user).filter(customer=found).order_by("-debit_date", "-pk")[:RECENT],
        "points": found.contact_points.order_by("kind", "pk"),
        "lateness": observations.lateness_of(found, as_of),
        "overdue": people.overdue(found, business_date),
        "available": people.available(found),
        "day": business_date,
        "pauses": pauses.history(found, user),
        "paused": pauses.on(found, business_date),
        "bills": bills.with_lateness(recent[:RECENT], as_of),
        "repayments": receipts.visible_to(user).filter(customer=found).order_by("-received_date", "-pk")[:RECENT],
        "refunds": receipts.refunds_visible_to(user).filter(customer=found).order_by("-refunded_date", "-pk")[:RECENT],
        "payouts": payouts.visible_to(user).filter(customer=found).order_by("-paid_date", "-pk")[:RECENT],
        "payout_requests": payouts.asked_for(found, user)[:RECENT],
        "restructurings": restructurings.visible_to(user).filter(customer=found)[:RECENT],
        "plan_requests": restructurings.asked_for(found, None, user)[:RECENT],
        "sheet": ledger.sheet(ledger.visible_to(user), found, size=RECENT),
    }
    return render(request, "bills/customer.html", context)


@requires(Permission.CUSTOMER_READ, Permission.BILL_READ)
def entries(request: HttpRequest, reference: str) -> HttpResponse:
    """A customer's whole ledger, page by page, with the balance after each entry."""
    user = user_of(request)
    found = get_object_or_404(people.visible_to(user), reference=reference)
    sheet = ledger.sheet(ledger.visible_to(user), found, after=ledger.key(request.GET.get("after")))
    return render(request, "bills/ledger.html", {"customer": found, "sheet": sheet})
