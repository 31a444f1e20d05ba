"""What the cast does on a day."""

import datetime as dt


def work(*, date: dt.date, seed: int, at: dt.datetime) -> None:
    """Work the day's tasks."""
