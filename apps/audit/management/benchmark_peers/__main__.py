"""One process that writes as the peers do, in a schema of its own: a line on standard input is one turn.

The first line is the database's address and the number of rows as JSON; each turn is answered by the ratios as JSON.
"""

import datetime as dt
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from statistics import median
from typing import Any

import django
from django.conf import settings

SCHEMA = "peers"
LABEL = "apps.audit.management.benchmark_peers"
SAVES = 50  # in a row, before the next variant has its turn
TURNS = 6
Variants = dict[str, tuple[Any, Callable[[], AbstractContextManager[Any]]]]


def main() -> None:
    """Prepare, then measure whenever it is asked for."""
    wanted = json.loads(sys.stdin.readline())
    database = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": f"-c search_path={SCHEMA}"}}
    settings.configure(
        DATABASES={"default": wanted["database"] | database},
        INSTALLED_APPS=[
            *("django.contrib.auth", "django.contrib.contenttypes", "auditlog", "pgtrigger", "pghistory"),
            LABEL,
        ],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        PGTRIGGER_SCHEMA=SCHEMA,
    )
    django.setup()
    variants = _prepare(wanted["rows"])
    print(json.dumps({}), flush=True)  # noqa: T201 - this is how the benchmark hears of it
    for _ in sys.stdin:
        print(json.dumps(_turn(variants)), flush=True)  # noqa: T201


def _prepare(rows: int) -> Variants:
    import pghistory  # noqa: PLC0415 - after the settings
    from auditlog.context import set_extra_data  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from apps.audit.management.benchmark_peers import models  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    call_command("pgtrigger", "install", verbosity=0)
    day, moment = dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    tables: tuple[Any, ...] = (models.Plain, models.Auditlog, models.Pghistory)
    for model in tables:
        model._base_manager.bulk_create(
            [
                model(
                    reference=f"R-{n}", customer_id=n % 1000, kind="instalment", amount=n % 1000, due_date=day,
                    changed_at=moment, note="Dear customer, the amount is due.",
                )
                for n in range(rows)
            ],
            batch_size=5_000,
        )  # fmt: skip
    return {
        "plain": (models.Plain, nullcontext),
        "auditlog": (models.Auditlog, lambda: set_extra_data({"remote_addr": "127.0.0.1"})),
        "pghistory": (models.Pghistory, lambda: pghistory.context(actor="system:benchmark", action="benchmark.write")),
    }


def _turn(variants: Variants) -> dict[str, float]:
    from django.db import connection, models  # noqa: PLC0415

    bulk: dict[str, list[float]] = {"plain": [], "pghistory": []}  # auditlog does not see it
    for name, turns in bulk.items():
        model, context = variants[name]
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
        with _timed(turns, context):
            model._base_manager.update(amount=models.F("amount") + 1)
    held = {name: list(model._base_manager.order_by("pk")[:SAVES]) for name, (model, _) in variants.items()}
    saves: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(TURNS):
        for name, (_model, context) in variants.items():
            each: list[float] = []
            for row in held[name]:
                with _timed(each, context):
                    row.amount += 1
                    row.changed_at += dt.timedelta(minutes=1)
                    row.save()
            saves[name].append(median(each))
    took = {name: median(values) for name, values in saves.items()}
    return {
        "auditlog save": took["plain"] / took["auditlog"],
        "pghistory save": took["plain"] / took["pghistory"],
        "pghistory bulk": bulk["plain"][0] / bulk["pghistory"][0],
    }


@contextmanager
def _timed(turns: list[float], context: Callable[[], AbstractContextManager[Any]]) -> Iterator[None]:
    from django.db import transaction  # noqa: PLC0415

    started = time.perf_counter()
    with context(), transaction.atomic():
        yield
    turns.append(time.perf_counter() - started)


if __name__ == "__main__":
    main()
