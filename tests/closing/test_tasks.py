import datetime as dt

import time_machine

from apps.closing import queries, tasks
from apps.closing.actions import days
from apps.core.domain.actor import System
from tests.closing.conftest import FIRST, Steps


def test_the_day_is_closed_after_midnight_where_the_product_lives(fresh_database: str, closing_with: Steps) -> None:
    closing_with(age=lambda c: {"rows": 0})
    days.close(FIRST, by=System("close"), at=dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC))

    with time_machine.travel(dt.datetime(2026, 5, 2, 15, 59, tzinfo=dt.UTC)):
        assert tasks.close_what_is_over() == 0
    with time_machine.travel(dt.datetime(2026, 5, 2, 16, 1, tzinfo=dt.UTC)):
        assert tasks.close_what_is_over() == 1

    assert queries.last_closed_date() == dt.date(2026, 5, 2)
