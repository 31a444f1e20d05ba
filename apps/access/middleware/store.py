"""Where the pages keep their sessions (`SESSION_ENGINE`), and what notes that one is used."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access.actions import sessions
from apps.access.domain import presence
from apps.access.models import Session
from apps.access.queries import sessions as queries
from apps.audit import registry


class SessionStore(db.SessionStore):
    """A row for each session, under the digest of its key, with whose it is and until when it lasts."""

    row: Session | None = None
    agent: str = ""  # what the browser calls itself

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Our table."""
        return Session

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        return Session.objects.filter(pk=presence.digest(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        if key := session_key or self.session_key:
            super().delete(presence.digest(key))

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row as it is to be written: what the database knows of it stays."""
        now, user = timezone.now(), data.get(SESSION_KEY)
        key = presence.digest(self._get_or_create_session_key())  # type: ignore[attr-defined]
        row = self.row if self.row is not None and self.row.pk == key else None
        if row is None:
            row = Session(pk=key, started_at=now, seen_at=now, address=registry.current().address, agent=self.agent)
            row.expire_date = now + dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES)
        if str(row.user_id or "") != str(user or ""):
            row.user_id, row.started_at = (int(user) if user else None), now
            row.confirmed_at = now if user else None
            if row.user is not None:
                row.expire_date = queries.ends_at(row, row.user, now)
        row.session_data = self.encode(data)
        self.row = row
        return row

    def _get_session_from_db(self) -> Session | None:
        key = presence.digest(self.session_key or "")
        self.row = Session.objects.filter(pk=key, expire_date__gt=timezone.now()).first()
        if self.row is None:
            self._session_key = None
        return self.row


class Presence:
    """Notes that a session is used, at most once a minute, and whether its owner has just proved who they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session where the browser brings one."""
        agent = request.headers.get("User-Agent", "")[:200]
        request.session.agent = agent  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            row, now = getattr(request.session, "row", None), timezone.now()
            within = dt.timedelta(minutes=settings.STEP_UP_MINUTES)
            fresh = row is not None and presence.is_fresh(row.confirmed_at, now, within)
            request.is_confirmed = fresh  # type: ignore[attr-defined]
            if row is not None and now - row.seen_at >= presence.NOTED_AFTER:
                address = registry.current().address
                sessions.touch(session=row, address=address, agent=agent, by=request.user, at=now)
        return self.get_response(request)
