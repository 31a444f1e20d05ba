"""Products, the versions of their conditions, and what a new version rests on."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.domain import conditions, price
from apps.bills.domain.kinds import Licence, Mode
from apps.bills.domain.price import Cap, Price
from apps.bills.domain.terms import Terms
from apps.bills.models import Product, ProductTerms
from apps.bills.queries import caps, product_wording
from apps.core.domain.money import percent
from apps.core.domain.refusal import Refused
from apps.core.registry import Text
from apps.core.texts import gettext as _

ACTION = "bills.publish_terms"
SUBJECT = "bills.product"


def visible_to(user: User) -> QuerySet[Product]:
    """The products that somebody may see, each with its versions, the oldest first."""
    versions = Prefetch("terms", queryset=ProductTerms.objects.order_by("version"))
    return Product.objects.prefetch_related(versions).order_by("code")


def named() -> list[tuple[str, str]]:
    """The code and name of every product, as the authority matrix offers them."""
    return list(Product.objects.order_by("code").values_list("code", "name"))


def terms_in_force(product: Product, date: dt.date) -> ProductTerms | None:
    """The version that a contract made on the day is made under: the latest that has begun, none before the first."""
    return versions(product).filter(effective_date__lte=date).order_by("-effective_date", "-version").first()


def versions(product: Product) -> QuerySet[ProductTerms]:
    """Every version, the oldest first."""
    return ProductTerms.objects.filter(product=product).order_by("version")


def latest(product: Product) -> ProductTerms | None:
    """The version that was published last."""
    return versions(product).last()


def check_offered(terms: Terms, instalments: int) -> None:
    """Refuse a number of instalments that the conditions do not offer; a single payment always is."""
    if instalments != 1 and instalments not in terms.instalment_counts:
        offered = ", ".join(map(str, (1, *terms.instalment_counts)))
        words = {"count": instalments, "offered": offered}
        raise Refused(_("%(count)s instalments are not offered, only %(offered)s.") % words, code="not_offered")


def values(version: ProductTerms) -> dict[str, Any]:
    """What a version says, by name."""
    return {name: getattr(version, name) for name in conditions.NAMES}


def before(product: Product) -> dict[str, Any]:
    """What a new version starts from: what the last one says, or what is usual."""
    version = latest(product)
    return values(version) if version else dict(conditions.DEFAULTS)


def terms_of(product: Product, said: dict[str, Any]) -> Terms:
    """Conditions as the decisions need them."""
    return conditions.terms(Mode(product.mode), Licence(product.licence), said)


def check(product: Product, effective_date: dt.date, said: dict[str, Any], business_date: dt.date) -> None:
    """Refuse a version that may not be: a value, a price above the cap, a date that has passed, or no change at all."""
    if wrong := conditions.faults(said):
        raise Refused(product_wording.fault(wrong[0]), code=f"conditions_{wrong[0].code}")
    words = {"date": effective_date.isoformat(), "today": business_date.isoformat()}
    if effective_date < business_date:
        raise Refused(_("%(date)s is before the business date, %(today)s.") % words, code="effective_date_passed")
    before = latest(product)
    if before and effective_date < before.effective_date:
        words |= {"version": str(before.version), "begins": before.effective_date.isoformat()}
        raise Refused(
            _("%(date)s is before version %(version)s begins, on %(begins)s.") % words,
            code="effective_date_before_version",
        )
    if before and not conditions.changed(values(before), said):
        raise Refused(
            _("Nothing differs from version %(version)s.") % {"version": before.version}, code="conditions_unchanged"
        )
    caps.check(terms_of(product, said), effective_date)


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a new version rests on, shown to the approver: what changes, what it costs a year, and the cap.

    A version that is published meanwhile, or another cap, makes the request void.
    """
    product = Product.objects.get(code=payload["product"])
    said = conditions.from_text(payload["conditions"])
    before = latest(product)
    known = values(before) if before else None
    cap = caps.in_force(product.licence, dt.date.fromisoformat(payload["effective_date"]))
    dearest = price.highest(price.prices(terms_of(product, said)))
    return {
        "product": product.code,
        "version": (before.version if before else 0) + 1,
        "effective_date": payload["effective_date"],
        "annual_rate": percent(dearest.annual_rate, 2) if dearest else "—",
        "cap": percent(cap.annual_rate) if cap else "—",
        **{name: _change(name, known, said) for name in conditions.changed(known, said)},
    }


def _change(name: str, before: dict[str, Any] | None, after: dict[str, Any]) -> str:
    new = conditions.neutral(name, after[name])
    return f"{conditions.neutral(name, before[name])} → {new}" if before else new


@dataclass(frozen=True, slots=True)
class Costing:
    """What conditions cost a year, price by price, against the cap on their first day and the next that is known."""

    prices: tuple[Price, ...]
    cap: Cap | None
    next_cap: Cap | None

    @property
    def highest(self) -> Price | None:
        """The dearest price."""
        return price.highest(self.prices)

    def is_above(self, annual_rate: Decimal) -> bool:
        """Whether a rate is above the cap."""
        return self.cap is not None and annual_rate > self.cap.annual_rate

    @property
    def above_later(self) -> bool:
        """Whether the dearest price will be above the next cap."""
        dearest = self.highest
        return bool(dearest and self.next_cap and dearest.annual_rate > self.next_cap.annual_rate)


def costing(terms: Terms, date: dt.date, known: caps.Caps | None = None) -> Costing:
    """What the conditions cost a year, against the cap on the day."""
    mine = (known if known is not None else caps.by_licence()).get(terms.licence, [])
    later = sorted((cap for cap in mine if cap.effective_date > date), key=lambda cap: cap.effective_date)
    return Costing(price.prices(terms), price.cap_on(mine, date), later[0] if later else None)


def asked_for(product: Product, user: User) -> QuerySet[ApprovalRequest]:
    """The requests for a new version that the user may see, the newest first."""
    return approvals.visible_to(user).filter(subject_type=SUBJECT, subject_reference=product.code)


@dataclass(frozen=True, slots=True)
class Line:
    """A product in a list: the version in force, the next one, and what the one costs a year."""

    product: Product
    current: ProductTerms | None
    coming: ProductTerms | None
    costing: Costing | None


def lines(products: QuerySet[Product], date: dt.date) -> list[Line]:
    """Products that were `visible_to` somebody, as they are on the day; three statements for any number of them."""
    known = caps.by_licence()
    return [_line(product, date, known) for product in products]


def _line(product: Product, date: dt.date, known: caps.Caps) -> Line:
    found = sorted(product.terms.all(), key=lambda version: (version.effective_date, version.version))
    begun = [version for version in found if version.effective_date <= date]
    current = begun[-1] if begun else None
    coming = next((version for version in found if version.effective_date > date), None)
    cost = costing(terms_of(product, values(current)), date, known) if current else None
    return Line(product, current, coming, cost)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a version in words, and whether it differs from the version before."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Versions side by side, the latest first: their values, row by row, and their prices."""

    versions: tuple[ProductTerms, ...]
    current: ProductTerms | None
    rows: tuple[tuple[Text, tuple[Cell, ...]], ...]
    costings: tuple[Costing, ...]
    prices: tuple[tuple[Price, tuple[tuple[Decimal | None, bool], ...]], ...]


def compare(product: Product, date: dt.date) -> Comparison:
    """The product's versions side by side, each price against the cap of the version's own first day."""
    known = caps.by_licence()
    found = list(reversed(versions(product)))
    said = [values(version) for version in found]
    costs = tuple(
        costing(terms_of(product, value), max(version.effective_date, date), known)
        for version, value in zip(found, said, strict=True)
    )
    return Comparison(
        versions=tuple(found),
        current=terms_in_force(product, date),
        rows=tuple(
            (label, _cells(name, said))
            for name, label in product_wording.LABELS.items()
            if conditions.needs(Mode(product.mode), name)
        ),
        costings=costs,
        prices=tuple(_price_rows(costs)),
    )


def _cells(name: str, said: list[dict[str, Any]]) -> tuple[Cell, ...]:
    """A row of the table: each version's value, marked where the version before (on its right) says another."""
    before = [*said[1:], None][: len(said)]
    return tuple(
        Cell(product_wording.shown(name, now[name]), then is not None and then[name] != now[name])
        for now, then in zip(said, before, strict=True)
    )


def _price_rows(costs: tuple[Costing, ...]) -> list[tuple[Price, tuple[tuple[Decimal | None, bool], ...]]]:
    """Each kind of price that any version asks, with the annual rate of every version and whether it is too much."""
    kinds = {(p.charge, p.instalments): p for cost in costs for p in cost.prices}
    found = []
    for key in sorted(kinds):
        rates = [next((p.annual_rate for p in c.prices if (p.charge, p.instalments) == key), None) for c in costs]
        cells = tuple((rate, rate is not None and c.is_above(rate)) for rate, c in zip(rates, costs, strict=True))
        found.append((kinds[key], cells))
    return found
