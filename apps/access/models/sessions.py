"""The sessions of the pages, each with whose it is."""

from typing import ClassVar

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from apps.access.models.staff import User
from apps.core.models import Record


class Session(Record, AbstractBaseSession):
    """What a browser has open: kept under a digest of the cookie's key, so that a copy of the table opens nothing."""

    audit_exempt: ClassVar[str] = "every log-in, confirmation and end of a session is an operation of its own"
    secret_fields: ClassVar[tuple[str, ...]] = ("session_data",)

    session_key = models.CharField(max_length=64, primary_key=True)  # SHA-256 of what the cookie holds, in hex
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="sessions")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)  # when its owner last proved who they are
    address = models.CharField(max_length=60, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The store, which knows the digest."""
        raise NotImplementedError("a session is opened by its cookie, not from its row")
