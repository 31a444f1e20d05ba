"""A customer's statement: on the screen, on paper and as a PDF; what leaves the house is kept in the trail."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from apps.access.domain.permissions import Permission
from apps.access.guard import requires, user_of
from apps.bills.actions import issuing
from apps.bills.forms import statement as papers
from apps.bills.providers import paper
from apps.bills.queries import people, standing
from apps.bills.queries.standing import Standing
from apps.closing import queries as closing
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer


@requires(Permission.CUSTOMER_READ, Permission.BILL_READ)
def statement(request: HttpRequest, reference: str) -> HttpResponse:
    """How the account stood at the end of a day, and how it came there."""
    customer = _customer(request, reference)
    form = papers.Period(request.GET.dict(), business_date=closing.business_date_at(timezone.now()))
    context = {
        "customer": customer,
        "form": form,
        "standing": standing.of(user_of(request), customer, **form.period) if form.is_valid() else None,
        "paper": papers.Language(initial={"language": translation.get_language()}),
    }
    return render(request, "bills/statement.html", context)


@requires(Permission.CUSTOMER_READ, Permission.BILL_READ)
@require_POST
def print_statement(request: HttpRequest, reference: str) -> HttpResponse:
    """The statement laid out for A4, printed as it opens."""
    found, language = _asked(request, reference)
    now = timezone.now()
    with translation.override(language):
        name, lender = found.customer.name.clear, settings.LENDER_NAME  # the reason on record is that it is issued
        context = {"standing": found, "customer": found.customer, "name": name, "lender": lender, "issued_at": now}
        page = render_to_string("bills/statement_print.html", context, request).encode()
    issuing.issue(standing=found, form="print", language=language, paper=page, by=user_of(request), at=now)
    return HttpResponse(page)


@requires(Permission.CUSTOMER_READ, Permission.BILL_READ)
@require_POST
def download_statement(request: HttpRequest, reference: str) -> HttpResponse:
    """The statement as a PDF."""
    found, language = _asked(request, reference)
    now = timezone.now()
    with translation.override(language):
        document = paper.statement(found, lender=settings.LENDER_NAME, issued_at=now)
    issuing.issue(standing=found, form="pdf", language=language, paper=document, by=user_of(request), at=now)
    name = f"statement-{found.customer.reference}-{found.date}.pdf"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or ""}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _customer(request: HttpRequest, reference: str) -> Customer:
    return get_object_or_404(people.visible_to(user_of(request)), reference=reference)


def _asked(request: HttpRequest, reference: str) -> tuple[Standing, str]:
    customer = _customer(request, reference)
    period = papers.Period(request.POST.dict(), business_date=closing.business_date_at(timezone.now()))
    language = papers.Language(request.POST)
    for form in (period, language):
        if not form.is_valid():
            raise Refused(str(next(iter(form.errors.values()))[0]), code="statement_impossible")
    return standing.of(user_of(request), customer, **period.period), language.cleaned_data["language"]
