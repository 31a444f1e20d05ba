"""A real mail server on loopback, and file providers that write to the test's own folder."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from apps.customers.domain.contact import Channel
from apps.outreach import registry
from apps.outreach.providers.file import File


class Mailserver:
    """Keeps every mail it took; `answer` may say no, and `on_data` is called before it acknowledges."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 kept"
        self.on_data: Callable[[], object] = lambda: None
        self.arrived = threading.Event()
        self.refused: dict[str, str] = {}  # by address
        self.hangs_up = False  # after each mail
        self.sessions: set[Session] = set()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.refused.get(address, self.answer)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.sessions.add(session)
        self.on_data()
        self.arrived.set()
        if self.hangs_up and server.transport is not None:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return self.answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def dead_port() -> int:
    """A port on which nobody listens."""
    return free_port()


@pytest.fixture
def mailserver(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailserver]:
    """A mail server that this process and those it starts send to."""
    handler, port = Mailserver(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{port}")
    yield handler
    server.stop()


@pytest.fixture(autouse=True)
def outbox_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file providers write."""
    folder = tmp_path / "outbox"
    providers: dict[Channel, Any] = dict(registry._providers)
    for channel in (Channel.APP, Channel.SMS, Channel.WECHAT, Channel.QQ):
        providers[channel] = File(folder)
    monkeypatch.setattr(registry, "_providers", providers)
    monkeypatch.setenv("WHITESLIP_VAR", str(tmp_path))
    return folder
