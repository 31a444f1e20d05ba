"""`manage.py benchmark intake`: the product and the limit come to the same, and the numbers are told."""

import json
import subprocess
import sys

from config.embedded import paths


def test_the_intake_is_measured_against_a_limit_that_comes_to_the_same(fresh_database: str) -> None:
    command = [sys.executable, "manage.py", "benchmark", "intake", "--repayments", "400", "--runs", "1", "--json"]

    done = subprocess.run(command, cwd=paths.CHECKOUT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {"limit_seconds", "intake_seconds", "ratio", "peak_mb", "cpu_ratio"} <= set(found)
    assert found["ratio"] > 0
    assert 0 < found["played"] < 100
    assert found["peak_mb"] < 200
