import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from apps.bills.models import Product
from apps.bills.queries import products
from apps.bills.queries.products import Line
from apps.closing import queries as closing
from apps.core.domain.money import percent

SHOWN = {
    "code": "product",
    "version": "version",
    "monthly_fee_rate": "fee a month",
    "late_fee_daily_rate": "late a day",
    "annual_rate": "a year",
    "cap": "cap",
}


class Command(BaseCommand):
    """List the products with the version in force and what it costs a year at most."""

    help = "List the products: version in force, fees, the dearest price a year and the cap."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json."""
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print one line a product."""
        today = closing.business_date_at(timezone.now())
        found = [_row(line) for line in products.lines(Product.objects.order_by("code"), today)]
        if options["json"]:
            self.stdout.write(json.dumps({"products": found}))
            return
        table = Table(*(title for title in SHOWN.values()))
        for row in found:
            table.add_row(*("—" if row[name] is None else str(row[name]) for name in SHOWN))
        Console().print(table)


def _row(line: Line) -> dict[str, Any]:
    current, costing = line.current, line.costing
    dearest = costing.highest if costing else None
    cap = costing.cap if costing else None
    return {
        "code": line.product.code,
        "currency": line.product.currency,
        "mode": line.product.mode,
        "licence": line.product.licence,
        "version": current.version if current else None,
        "next_version_from": line.coming.effective_date.isoformat() if line.coming else None,
        "monthly_fee_rate": percent(current.monthly_fee_rate) if current else None,
        "late_fee_daily_rate": percent(current.late_fee_daily_rate) if current else None,
        "annual_rate": percent(dearest.annual_rate, 2) if dearest else None,
        "cap": percent(cap.annual_rate) if cap else None,
    }
