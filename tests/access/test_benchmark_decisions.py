"""What a permission decision costs: far below the fifty microseconds that are promised."""

from apps.access.management.benchmark_decisions import measured


def test_a_permission_decision_takes_less_than_fifty_microseconds() -> None:
    found = measured(decisions=500, runs=3, say=lambda line: None)

    assert 0 < found["permission_us"] < found["decision_us"] < 50
