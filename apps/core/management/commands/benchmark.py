"""`manage.py benchmark SUBJECT`: measures the product against its reference, on a database made for the purpose."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from apps.core import registry


class Command(BaseCommand):
    """Measure one subject."""

    help = "Measures a subject against its reference, interleaved in one run, on a database of its own."
    requires_system_checks = ()  # they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the subject and its sizes."""
        subjects = parser.add_subparsers(dest="subject", required=True, metavar="SUBJECT")
        for name, benchmark in registry.benchmarks().items():
            subject = subjects.add_parser(name, help=f"measure {name}")
            subject.add_argument("--json", action="store_true", help="one JSON object on standard output")
            for size, default in benchmark.sizes.items():
                subject.add_argument(
                    f"--{size}", type=int, default=default, metavar="N", help=f"{default:,} unless told"
                )

    def handle(self, *_: Any, **options: Any) -> None:
        """Measure, and print the numbers."""
        benchmark = registry.benchmarks()[options["subject"]]
        sizes = {size: options[size] for size in benchmark.sizes}
        found = import_string(benchmark.path)(**sizes, say=lambda line: self.stderr.write(line))
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for line in _lines(found):
            self.stdout.write(line)


def _lines(found: Mapping[str, Any], of: str = "") -> Iterator[str]:
    for name, value in found.items():
        if isinstance(value, Mapping):
            yield from _lines(value, f"{of}{name} ")
        else:
            yield f"{of + name:<32} {'-' if value is None else format(value, ','):>14}"
