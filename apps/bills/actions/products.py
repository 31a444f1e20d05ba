"""Products, and new versions of their conditions: asked for by one, agreed to by others, published by the last yes."""

import datetime as dt
import re
from typing import Any

from apps.access.actions import approvals
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.bills.domain import conditions
from apps.bills.domain.kinds import Licence, Mode
from apps.bills.models import Product, ProductTerms
from apps.bills.queries import products as queries
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

ACTION = queries.ACTION
CODE, CURRENCY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}"), re.compile(r"[A-Z]{3}")


def open_product(
    *, code: str, name: str, currency: str, mode: Mode, licence: Licence, by: Actor, at: dt.datetime
) -> Product:
    """Open a product; nobody can buy under it before the first version of its conditions is published."""
    with audit.operation("bills.open_product", by=by, at=at) as op:
        if not CODE.fullmatch(code):
            words = {"code": code}
            raise Refused(_("“%(code)s” is not a code of small letters, digits and hyphens.") % words, code="code")
        if not CURRENCY.fullmatch(currency):
            words = {"currency": currency}
            raise Refused(_("“%(currency)s” is not a currency of three capital letters.") % words, code="currency")
        if Product.objects.filter(code=code).exists():
            raise Refused(_("There is a product %(code)s already.") % {"code": code}, code="code_taken")
        product = Product.objects.create(code=code, name=name, currency=currency, mode=mode, licence=licence)
        op.on = product
        op.sentence = f"Opened the product {code}."
    return product


def propose(
    *,
    product: Product,
    effective_date: dt.date,
    said: dict[str, Any],
    business_date: dt.date,
    reason: str,
    by: User,
    at: dt.datetime,
) -> ApprovalRequest:
    """Ask for a new version; refused at once where it may not be."""
    queries.check(product, effective_date, said, business_date)
    return approvals.request(
        action=ACTION,
        subject=approvals.Subject(queries.SUBJECT, product.code),
        amount=ZERO,
        payload={
            "product": product.code,
            "effective_date": effective_date.isoformat(),
            "conditions": conditions.as_text(said),
        },
        reason=reason,
        by=by,
        at=at,
    )


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> ProductTerms:
    """Publish the version that an approved request holds; refused where its day has passed meanwhile."""
    product = Product.objects.select_for_update().get(code=request.payload["product"])
    with audit.operation(ACTION, by=by, at=at, on=product, authority=f"approval:{request.reference}") as op:
        said = conditions.from_text(request.payload["conditions"])
        effective_date = dt.date.fromisoformat(request.payload["effective_date"])
        today = closing.business_date_at(at)
        queries.check(product, effective_date, said, today)
        before = queries.latest(product)
        published = ProductTerms.objects.create(
            product=product, version=(before.version if before else 0) + 1, effective_date=effective_date, **said
        )
        op.sentence = f"Published version {published.version} of {product.code}, in force from {effective_date}."
        op.detail = {"version": published.version, "conditions": conditions.as_text(said)}
    return published
