import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.bills.queries import reconciliation


class Command(BaseCommand):
    """Prove that every bill equals its entries and every repayment its allocations plus its remainder."""

    help = "Prove, to the cent, that every bill, repayment and account equals its ledger entries."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --json."""
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print what was compared; exit 1 if anything differs."""
        found = reconciliation.reconcile()
        for difference in found.differences[:100]:
            self.stderr.write(
                f"{difference.what} {difference.reference}, {difference.part}: "
                f"kept {difference.kept}, booked {difference.booked}"
            )
        if options["json"]:
            summary = {
                "ok": not found.differences,
                "bills": found.bills,
                "repayments": found.repayments,
                "differences": len(found.differences),
                "products": [
                    {
                        "product": total.product,
                        "currency": total.currency,
                        "bills": total.bills,
                        "billed": str(total.billed),
                        "open": str(total.kept),
                        "booked": str(total.booked),
                    }
                    for total in found.products
                ],
            }
            self.stdout.write(json.dumps(summary))
        else:
            for total in found.products:
                self.stdout.write(
                    f"{total.product}: {total.bills:,} bills of {total.currency} {total.billed:,}, "
                    f"open {total.kept:,}, by the ledger {total.booked:,}"
                )
            self.stdout.write(
                f"{found.bills:,} bills and {found.repayments:,} repayments compared: "
                f"{len(found.differences):,} differences."
            )
        if found.differences:
            sys.exit(1)
