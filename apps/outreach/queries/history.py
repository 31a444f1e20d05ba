"""The contacts that the gate counts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db import connection

from apps.core import sql
from apps.customers.domain.contact import Channel
from apps.outreach.domain.contact import Past
from apps.outreach.domain.status import MessageStatus

CHANNELS = {channel.value: channel for channel in Channel}
BACK = dt.timedelta(days=32)  # longer than any window that a cap may have
AHEAD = dt.timedelta(days=4)  # messages queued for the coming days


def of(customers: Collection[int], at: dt.datetime, *, queued: bool) -> dict[int, list[Past]]:
    """Calls made and messages sent around the moment, and those still queued where `queued` is set, by customer."""
    statuses = [MessageStatus.SENT, MessageStatus.PLANNED] if queued else [MessageStatus.SENT]
    found: dict[int, list[Past]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.load("outreach", "history"),
            {
                "customers": list(customers),
                "since": at - BACK,
                "until": at + AHEAD,
                "statuses": [status.value for status in statuses],
            },
        )
        for customer, channel, moment, point, connected, _ in cursor.fetchall():
            found[customer].append(Past(CHANNELS[channel], moment, point, connected))
    return found
