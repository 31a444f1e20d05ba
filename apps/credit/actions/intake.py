"""Credit lines out of a portfolio."""

import datetime as dt

from django.db import connection, transaction

from apps.core import sql
from apps.core.domain.actor import Actor


def load_staged(*, by: Actor, at: dt.datetime) -> int:
    """Take the new lines of the temporary table staged_credit_lines, whose customers are loaded; answers how many.

    Part of the caller's transaction, whose the checked table is, and of its audit operation.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.load("credit", "load_credit_lines"))
        lines: int = cursor.rowcount
    return lines
