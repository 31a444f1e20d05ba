"""`manage.py benchmark`: what it prints, and that it leaves the user's database alone."""

import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from apps.core import registry
from config.embedded import paths


def benchmark(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "benchmark", *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=paths.CHECKOUT, stdout=pipe, stderr=pipe, text=True) as running:
        out, errors = running.communicate()
    assert left_by(running.pid) == []
    return subprocess.CompletedProcess(command, running.returncode, out, errors)


def left_by(process: int) -> list[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{paths.DATABASE}_benchmark_{process}(_|$)"]
        )
        return [name for (name,) in cursor.fetchall()]


def events() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT last_value FROM audit.seq")
        return int(cursor.fetchone()[0])


def test_the_book_is_measured_on_a_database_of_its_own(fresh_database: str) -> None:
    before = events()

    sizes = ("--rows", "800", "--rounds", "1", "--clients", "2", "--seconds", "1")
    done = benchmark("audit", *sizes, "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    ratios = {name for name in found if name.endswith("ratio")}
    assert ratios == {
        "save_ratio", "bulk_ratio", "copy_ratio", "copy_personal_ratio", "concurrent_ratio", "seal_ratio",
        "verify_ratio",
    }  # fmt: skip
    assert all(found[name] > 0 for name in (*ratios, "seal_p99_seconds", "bytes_per_sealed_event"))
    assert 0 < found["bytes_per_save"] < 10_000
    assert {name: peer["save_ratio"] > 0 for name, peer in found["peers"].items()} == {
        "auditlog": True,
        "pghistory": True,
    }
    assert events() == before


def test_the_close_is_measured_against_a_statement_that_does_the_same(fresh_database: str) -> None:
    done = benchmark("close", "--bills", "800", "--runs", "1", "--rounds", "2", "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"bills", "limit_seconds", "close_seconds", "ratio", "cpu_ratio", "peak_mb"} <= set(found)
    assert found["bills"] == 800
    assert found["ratio"] > 0


def test_a_subject_that_nobody_measures_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'weather'"):
        call_command("benchmark", "weather")


def test_the_worklist_is_measured_on_a_book_and_a_tenth_of_it(fresh_database: str) -> None:
    done = benchmark("worklist", "--cases", "600", "--runs", "1", "--looks", "3", "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"p95_ms", "query_ratio", "growth"} <= set(found)
    assert found["page_min_ms"] <= found["page_median_ms"] <= found["page_max_ms"]


def test_every_subject_can_be_called() -> None:
    from django.utils.module_loading import import_string

    assert "audit" in registry.benchmarks()
    assert all(callable(import_string(benchmark.path)) for benchmark in registry.benchmarks().values())


def test_access_is_measured_with_walls_and_without(fresh_database: str) -> None:
    done = benchmark("access", "--cases", "2000", "--decisions", "200", "--runs", "1", "--json")

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["rls_ratio"] == max(found["rls_ratio_agency"], found["rls_ratio_auditor"]) > 0
    assert 0 < found["permission_us"] < found["decision_us"]
