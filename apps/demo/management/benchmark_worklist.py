"""What the first page of the worklist takes: the whole request, on a book and on a tenth of it by turns."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.access.models import User
from apps.cases.queries import worklist as queries
from apps.core import sql
from apps.core.domain.refusal import Refused
from apps.demo.management import benchmark_book as book
from apps.demo.management import benchmark_cases

WARM = 20  # looks before the first that counts: templates are read, plans are made
Times = defaultdict[str, list[float]]
SPREAD: dict[str, Callable[[list[float]], float]] = {"min": min, "median": median, "max": max}


def worklist(*, cases: int, runs: int, looks: int, say: Callable[[str], object]) -> dict[str, Any]:
    """`p95_ms`: milliseconds of the server for an agent's first page of so many open cases, from request to last byte.

    `growth` is that over the same of a tenth of the cases; `query_ratio` the time that the page's statements take over
    that of one bare statement that reads the same rows.
    """
    base = str(settings.DATABASES["owner"]["NAME"])
    seconds: dict[str, Times] = {"": defaultdict(list), "tenth_": defaultdict(list)}
    with book.copy_of(base, f"{base}_tenth") as tenth:
        books = {"": (base, cases), "tenth_": (tenth, cases // 10)}
        agents = {}
        for size, (name, count) in books.items():
            book.lead_to(name)
            agents[size] = benchmark_cases.fill(count)["agent"]
            say(f"A book of {count:,} open cases is made.")
        for number in range(runs):
            for size in list(books)[:: -1 if number % 2 else 1]:
                book.lead_to(books[size][0])
                _turn(agents[size], seconds[size], looks)
            page, of_tenth = (_p95(times["page"]) for times in seconds.values())
            say(f"Turn {number + 1}: p95 {page:.1f} ms, of a tenth {of_tenth:.1f} ms.")
        book.lead_to(base)
    return {
        "cases": cases,
        "looks": runs * looks,
        "p95_ms": round(_p95(seconds[""]["page"]), 1),
        "query_ratio": round(median(seconds[""]["query"]) / median(seconds[""]["bare"]), 2),
        "growth": round(_p95(seconds[""]["page"]) / _p95(seconds["tenth_"]["page"]), 2),
        **{
            f"{size}{what}_{word}_ms": round(of(times) * 1000, 2)
            for size in books
            for what, times in seconds[size].items()
            for word, of in SPREAD.items()
        },
    }


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] * 1000


def _turn(agent: User, seconds: Times, looks: int) -> None:
    """So many looks at the page as the browser asks for it, at its statements, and at the bare one."""
    client, address = Client(SERVER_NAME="localhost"), reverse("cases:worklist")
    client.force_login(agent)
    with book.connected(str(settings.DATABASES["owner"]["NAME"])) as server:
        for look in range(-min(WARM, looks), looks):
            took: dict[str, float] = {}
            started = perf_counter()
            response = client.get(address)
            took["page"] = perf_counter() - started
            if response.status_code != HTTPStatus.OK or response.content.count(b"/cases/K-W-") < queries.PAGE:
                raise Refused("The page is not full: the book is too small to measure on.", code="benchmark_small")
            took["query"] = _statements(agent)
            took["bare"] = _bare(server, agent)
            if look >= 0:
                for what, value in took.items():
                    seconds[what].append(value)


def _statements(agent: User) -> float:
    """Seconds that the database takes for the statements of the page's rows."""
    took: list[float] = []
    with _timed(took):
        queue = queries.queue_of(agent)
        queries.page(queries.open_cases(agent).filter(queue=queue), book.FIRST)
    return sum(took)


@contextmanager
def _timed(took: list[float]) -> Iterator[None]:
    def timed(execute: Callable[..., Any], *told: Any) -> Any:
        started = perf_counter()
        try:
            return execute(*told)
        finally:
            took.append(perf_counter() - started)

    with connection.execute_wrapper(timed):
        yield


def _bare(server: psycopg.Connection, agent: User) -> float:
    """Seconds of one statement, written by hand, that reads what the page shows."""
    names = {"queue": queries.queue_of(agent), "size": queries.PAGE + 1}
    with psycopg.ClientCursor(server) as cursor:
        started = perf_counter()
        cursor.execute(sql.load("demo", "benchmark_worklist"), names)
        return perf_counter() - started
