import datetime as dt

import pytest

from apps.bills.domain import aging

CLASSES = [
    # days, bucket, five classes, card rule, IFRS 9 stage
    (0, "M0", "normal", "normal", 1),
    (1, "M1", "special_mention", "special_mention", 1),
    (30, "M1", "special_mention", "special_mention", 1),
    (31, "M2", "special_mention", "special_mention", 2),
    (60, "M2", "special_mention", "special_mention", 2),
    (61, "M3", "special_mention", "special_mention", 2),
    (90, "M3", "special_mention", "special_mention", 2),
    (91, "M4", "substandard", "substandard", 3),
    (120, "M4", "substandard", "substandard", 3),
    (121, "M5", "substandard", "doubtful", 3),
    (150, "M5", "substandard", "doubtful", 3),
    (151, "M6", "substandard", "doubtful", 3),
    (180, "M6", "substandard", "doubtful", 3),
    (181, "M7+", "substandard", "loss", 3),
    (270, "M7+", "substandard", "loss", 3),
    (271, "M7+", "doubtful", "loss", 3),
    (360, "M7+", "doubtful", "loss", 3),
    (361, "M7+", "loss", "loss", 3),
]


@pytest.mark.parametrize(("days", "bucket", "five", "card", "stage"), CLASSES)
def test_days_past_due_are_classified(days: int, bucket: str, five: str, card: str, stage: int) -> None:
    assert (aging.bucket(days), aging.class_2023(days), aging.class_card(days), aging.stage(days)) == (
        bucket,
        five,
        card,
        stage,
    )


def test_days_past_due_run_from_the_oldest_due_date() -> None:
    due = dt.date(2026, 5, 10)

    assert aging.days_past_due(due, dt.date(2026, 5, 15)) == 5
    assert aging.days_past_due(due, due) == 0
    assert aging.days_past_due(None, dt.date(2026, 5, 15)) == 0
