"""Products and the versions of their conditions."""

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.bills.domain.terms import Terms
from apps.bills.models import Product, ProductTerms
from apps.core.domain.refusal import Refused


def terms_in_force(product: Product, date: dt.date) -> ProductTerms | None:
    """The version that a contract made on the day is made under: the latest that has begun, none before the first."""
    return versions(product).filter(effective_date__lte=date).order_by("-effective_date", "-version").first()


def versions(product: Product) -> QuerySet[ProductTerms]:
    """Every version, the oldest first."""
    return ProductTerms.objects.filter(product=product).order_by("version")


def check_offered(terms: Terms, instalments: int) -> None:
    """Refuse a number of instalments that the conditions do not offer; a single payment always is."""
    if instalments != 1 and instalments not in terms.instalment_counts:
        offered = ", ".join(map(str, (1, *terms.instalment_counts)))
        words = {"count": instalments, "offered": offered}
        raise Refused(_("%(count)s instalments are not offered, only %(offered)s.") % words, code="not_offered")
