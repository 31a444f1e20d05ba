import argparse
import datetime as dt
import json
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from apps.closing import queries
from apps.closing.actions import days
from apps.closing.domain.result import Result
from apps.core.domain.actor import System

COUNTS = ("cases_opened", "cases_advanced", "cases_closed", "tasks", "messages", "blocked")


class Command(BaseCommand):
    """Close business days; killed or repeated, it goes on where it was."""

    help = "Close a business day, or every open day through a date, in order; safe to kill and to repeat."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one date or a last date."""
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--date", type=_date, metavar="D", help="close this day, the next that is open")
        which.add_argument("--through", type=_date, metavar="D", help="close every open day through this one")
        parser.add_argument(
            "--partitions", type=int, default=days.PARTITIONS, metavar="N", help="customers' partitions side by side"
        )
        parser.add_argument(
            "--since",
            type=_date,
            metavar="D",
            help="begin here, where no day is closed and the book lived elsewhere before",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on standard output")

    def handle(self, *_: Any, **options: Any) -> None:
        """Close with a progress bar and print what was done."""
        console = Console(stderr=True)
        last: dt.date = options["through"] or options["date"]
        act = days.close_through if options["through"] else days.close
        with ExitStack() as stack:
            on_day: days.OnDay | None = None
            first = queries.next_day(options["since"])
            if console.is_terminal and options["through"] and first is not None and first <= last:
                bar = stack.enter_context(_bar(console))
                task = bar.add_task("Closing", total=(last - first).days + 1, day=str(first))
                on_day = partial(_advance, bar, task)
            done = act(
                last,
                partitions=options["partitions"],
                since=options["since"],
                by=System("close"),
                at=timezone.now(),
                progress=on_day,
            )
        if options["json"]:
            self.stdout.write(json.dumps(_summary(done)))
        else:
            self._print(done)

    def _print(self, done: Result) -> None:
        if not done.dates:
            self.stdout.write("Nothing to close.")
            return
        span = str(done.dates[0]) if len(done.dates) == 1 else f"{done.dates[0]} to {done.dates[-1]}"
        self.stdout.write(
            f"Closed {span}: {len(done.dates)} {'day' if len(done.dates) == 1 else 'days'} in {done.seconds:.1f} s, "
            f"{done.median_seconds:.2f} s for a day (median)."
        )
        table = Table("step", "rows", "seconds")
        for step in done.steps:
            table.add_row(step.name, f"{step.rows:,}", f"{step.seconds:.2f}")
        console = Console()
        with console.capture() as printed:
            console.print(table)
        self.stdout.write(printed.get())
        self.stdout.write(", ".join(f"{done.counts[name]:,} {name.replace('_', ' ')}" for name in COUNTS) + ".")


def _summary(done: Result) -> dict[str, Any]:
    return {
        "days": len(done.dates),
        "seconds": round(done.seconds, 3),
        "median_seconds": round(done.median_seconds, 3),
        "steps": [{"name": s.name, "rows": s.rows, "seconds": round(s.seconds, 3)} for s in done.steps],
        **{name: done.counts[name] for name in COUNTS},
    }


def _advance(bar: Progress, task: TaskID, day: dt.date) -> None:
    bar.update(task, advance=1, day=str(day))


def _bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description} {task.fields[day]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a date; write it as 2005-05-01") from None
