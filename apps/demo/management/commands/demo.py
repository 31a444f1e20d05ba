import datetime as dt
import json
import time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from apps.bills.models import Bill, ProductTerms
from apps.cases.models import Case
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from apps.demo.actions import lender, staffing
from apps.demo.domain import timeline
from apps.demo.domain.people import PREFIX
from apps.demo.domain.staff import CAST, PASSWORD
from apps.demo.management import days, serving, wiping
from apps.demo.management.days import Book

BY = System("demo")


class Command(BaseCommand):
    """Build a pretend lender, close its days and open the site."""

    help = "Build a pretend lender, close its days and open the site; run again to continue, --fresh to start over."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the size, the seed and what to leave out."""
        parser.add_argument("--customers", type=int, help="how many customers a new book gets (5000)")
        parser.add_argument(
            "--days", type=int, default=timeline.CLOSED_DAYS, help="how many days of a new book are closed"
        )
        parser.add_argument("--seed", type=int, help="another seed is another lender (7)")
        parser.add_argument("--fresh", action="store_true", help="throw the demo's book away and start over")
        parser.add_argument("--no-serve", action="store_true", help="build the book, but do not open the site")
        parser.add_argument("--port", type=int, default=8000, help="where the site listens, if the port is free")
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Build or continue the book, then serve until Ctrl-C."""
        console = Console(stderr=True)
        started = time.monotonic()
        if options["fresh"]:
            wiping.wipe()
        today = timezone.localdate(timezone=ZoneInfo(settings.TIME_ZONE))
        self._build(options, today, console)
        summary = {
            "customers": Customer.objects.count(),
            "bills": Bill.objects.count(),
            "cases": Case.objects.count(),
            "seconds": round(time.monotonic() - started, 1),
        }
        if options["json"]:
            self.stdout.write(json.dumps(summary))
        else:
            words = "{customers:,} customers, {bills:,} bills, {cases:,} cases; built in {seconds} seconds."
            self.stdout.write(words.format(**summary))
        if not options["no_serve"]:
            code = serving.serve(
                port=options["port"],
                var=settings.VAR_DIR,
                say=self.stderr.write,
                ready=lambda at: self._welcome(console, at),
            )
            if code:
                raise SystemExit(code)

    def _build(self, options: dict[str, Any], today: dt.date, console: Console) -> None:
        with connection.cursor() as cursor:
            cursor.execute("set synchronous_commit = off")  # a demo that a power cut shortens is gone on with
        book = _book(options, today)
        yesterday = today - dt.timedelta(1)
        with Progress(
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
        ) as bars:
            people = bars.add_task("People and what they do", total=3)
            staffing.hire(by=BY, at=days.moment(book.first_date))
            drawn = book.timeline(yesterday)
            bars.advance(people)
            lender.enrol(people=drawn.people, seed=book.seed, by=BY, at=days.moment(book.first_date))
            bars.advance(people)
            days.live_history(book=book, drawn=drawn, by=BY)
            bars.advance(people)
            total = (yesterday - book.first_date).days + 1
            closes = bars.add_task("Days lived and closed", total=total)
            days.live_through(
                book=book,
                drawn=drawn,
                end=yesterday,
                by=BY,
                progress=lambda date: bars.update(closes, completed=(date - book.first_date).days + 1),
            )
            bars.update(closes, completed=total)

    def _welcome(self, console: Console, address: str) -> None:
        console.print(f"\nThe back office of the pretend lender: [bold]{address}[/]")
        console.print(f"Everybody's password is [bold]{PASSWORD}[/]. Log in as:")
        for one in CAST:
            console.print(f"  [bold]{one.username:<6}[/] {one.role.replace('_', ' ')}")
        console.print("Ctrl-C stops everything; run the command again to go on.\n")


def _book(options: dict[str, Any], today: dt.date) -> Book:
    """The book that is there, or a new one whose first close lies so many days back."""
    seed, customers = options["seed"], options["customers"]
    if Customer.objects.exclude(reference__startswith=PREFIX).exists():
        raise Refused("This database holds a real book; the demo does not mix with it.", code="not_a_demo")
    there = Customer.objects.filter(reference__startswith=PREFIX)
    first = there.order_by("pk").first()
    terms = ProductTerms.objects.filter(product__code=lender.PRODUCT).order_by("version").first()
    card = ProductTerms.objects.filter(product__code=lender.CARD).order_by("version").first()
    if first is None or terms is None:
        first_date = today - dt.timedelta(options["days"])
        terms, card = lender.open_products(effective_date=first_date, by=BY, at=days.moment(first_date))
        return Book(seed or 7, customers or 5_000, terms, card, terms.effective_date)
    book = Book(first.profile.facts["seed"], there.count(), terms, card or terms, terms.effective_date)
    if (seed or book.seed) != book.seed or (customers or book.customers) != book.customers:
        raise Refused(
            f"The demo was built with --seed {book.seed} --customers {book.customers}; add --fresh to start over.",
            code="other_demo",
        )
    return book
