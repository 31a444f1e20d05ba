"""Which customers somebody may see, and with them everything that hangs on a customer."""

from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from apps.access.domain.scope import Scope, Standing
from apps.access.models import ApprovalRequest, User
from apps.access.queries import scopes
from apps.core.domain.refusal import Forbidden
from apps.core.texts import gettext as _
from apps.customers import registry
from apps.customers.models import Customer, Placement

Row = TypeVar("Row", bound=Model)


def seen(rows: QuerySet[Row], user: User, customer: str = "customer") -> QuerySet[Row]:
    """Those of the rows whose customer the user may see; `customer` is the way from a row to the customer."""
    return within(rows, scopes.of(user), customer)


def within(rows: QuerySet[Row], scope: Scope, customer: str = "customer") -> QuerySet[Row]:
    """Those of the rows whose customer the scope holds."""
    if scope.standing is Standing.NOBODY:
        return rows.none()
    for condition in _conditions(scope, customer):
        rows = rows.filter(condition)
    return rows


def office(rows: QuerySet[Row], user: User) -> QuerySet[Row]:
    """The rows where the user is one of us; none for an agency's people: rows of no customer, or of all of them."""
    return rows.none() if scopes.of(user).standing in (Standing.AGENCY, Standing.NOBODY) else rows


def totals(rows: QuerySet[Row], user: User, product: str = "product__code__in") -> QuerySet[Row]:
    """Sums by product: those of the user's slice of the book."""
    products = scopes.of(user).products
    return office(rows.filter(**{product: products}) if products else rows, user)


def requests(rows: QuerySet[ApprovalRequest], user: User) -> QuerySet[ApprovalRequest]:
    """The requests about customers whom the user may see; those about none where the user is one of us."""
    scope = scopes.of(user)
    if scope.is_whole_book:
        return rows
    about = Q(customer_reference__in=within(Customer.objects.all(), scope, "pk").values("reference"))
    ours = Q(customer_reference="") if scope.standing in (Standing.OFFICE, Standing.AUDITOR) else Q(made_by=user)
    return rows.filter(about | ours)


def sees(user: User, customer: Customer | int) -> bool:
    """Whether the user may see this customer."""
    key = customer.pk if isinstance(customer, Customer) else customer
    return scopes.of(user).is_whole_book or seen(Customer.objects.filter(pk=key), user, "pk").exists()


def must_see(user: User, customer: Customer | int, named: str) -> None:
    """Refuse, naming what it is about, whoever may not see its customer."""
    if not sees(user, customer):
        raise Forbidden(_("%(case)s lies behind a wall for you.") % {"case": named}, code="walled")


def must_work_on(user: User, customer: Customer, named: str) -> None:
    """Refuse whoever may not see the customer, and whose own account it is."""
    if user.customer_reference and user.customer_reference == customer.reference:
        raise Forbidden(_("Nobody works on their own account."), code="own_account")
    must_see(user, customer, named)


def _conditions(scope: Scope, customer: str) -> list[Q | Exists]:
    found: list[Q | Exists] = []
    if scope.own_account:
        found.append(~Q(**{f"{customer}__in": Customer.objects.filter(reference=scope.own_account)}))
    if scope.standing is Standing.AGENCY:
        placed = Placement.objects.filter(agency=scope.agency, recalled_at=None, customer=OuterRef(customer))
        found.append(Exists(placed))
    if scope.products:
        found += [registry.in_slice(scope.products, OuterRef(customer))]
    return found
