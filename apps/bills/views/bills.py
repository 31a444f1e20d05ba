"""Bills: the list, one bill to its components, and the request to waive its late fee."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills import filters
from apps.bills.queries import bills as queries
from apps.bills.queries import (
    fees,
    ledger,
    month_ends,
    observations,
    purchases,
    receipts,
    restructurings,
    waivers,
    write_offs,
)
from apps.closing import queries as closing
from apps.core import queries as core


@requires(Permission.BILL_READ)
def bills(request: HttpRequest) -> HttpResponse:
    """Bills with what is owed on them."""
    as_of = closing.last_closed_date()
    found = filters.Bills(request.GET, queries.aged(queries.visible_to(user_of(request)), as_of))
    page = core.page(found.qs, after=core.key(request.GET.get("after")), before=core.key(request.GET.get("before")))
    rows = queries.with_lateness(page.rows, as_of)
    return render(request, "bills/bills.html", {"filter": found, "page": page, "rows": rows, "as_of": as_of})


@requires(Permission.BILL_READ)
def bill(request: HttpRequest, reference: str) -> HttpResponse:
    """One bill: what was charged, what lowered it, what is open, when it was and is due."""
    as_of = closing.last_closed_date()
    found = get_object_or_404(queries.aged(queries.visible_to(user_of(request)), as_of), reference=reference)
    ((_bill, lateness),) = queries.with_lateness([found], as_of)
    late_fee = fees.late_fee_owed(found)
    interest = fees.interest_owed(found)
    context = {
        "bill": found,
        "lateness": lateness,
        "parts": queries.parts(found),
        "late_fee_owed": late_fee,
        "late_fee_waiting": late_fee - found.open_late_fee,
        "interest_owed": interest,
        "interest_waiting": interest - found.open_interest,
        "instalments": found.instalments.select_related("replaced_by").order_by("number"),
        "purchases": purchases.on(found).order_by("purchased_date", "pk"),
        "refunds": receipts.refunds_visible_to(user_of(request)).filter(purchase__in=purchases.on(found)),
        "entries": ledger.visible_to(user_of(request)).filter(bill=found).order_by("effective_date", "pk"),
        "requests": waivers.asked_for(found, user_of(request)),
        "write_off": write_offs.standing(found),
        "write_offs": write_offs.of_bill(found, user_of(request)),
        "write_off_requests": write_offs.asked_for(found, user_of(request)),
        "observation": observations.of_bill(found, as_of),
        "month_ends": month_ends.of_bill(found),
        "restructurings": restructurings.of_bill(found, user_of(request)),
        "plan_requests": restructurings.asked_for(found.customer, found, user_of(request)),
        "day": closing.business_date_at(timezone.now()),
    }
    return render(request, "bills/bill.html", context)
