"""Checkpoints reach those outside, by mail and over the web, however often it must be tried; and auditors sign them."""

import datetime as dt
import threading
from collections.abc import Iterator
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from pytest_django import Settings

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import providers, tasks
from apps.audit.actions import anchoring, cosigning, sealing
from apps.audit.domain import anchoring as rules
from apps.audit.domain import merkle, note
from apps.audit.domain.note import COSIGNATURE, Checkpoint, Verifier
from apps.audit.models import AnchorDelivery, Operation
from apps.audit.queries import anchoring as queries
from apps.audit.queries import seal_faults, seals
from apps.core.domain.refusal import Refused
from tests.audit.conftest import AT, BY
from tests.factories import access
from tests.outreach.conftest import free_port

AUDITOR = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
SECRET = "of the tests"
MINUTE = dt.timedelta(minutes=1)


def change_something(code: str) -> None:
    with audit.operation("teams.add", by=BY, at=AT):
        Team.objects.create(code=code, name="A team")


def sealed() -> str:
    sealing.seal(by=BY, at=AT)
    return seals.checkpoints("default")[-1][1]


class Mailbox:
    """Takes every message."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.messages.append(envelope.content)
        return "250 OK"


class Receiver(BaseHTTPRequestHandler):
    """Answers with what the test wants, and keeps what was posted."""

    answers: list[int]
    posted: list[tuple[str, bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posted.append((self.headers["X-Whiteslip-Signature"], body))
        self.send_response(self.answers.pop(0))
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def receiver(settings: Settings) -> Iterator[type[Receiver]]:
    handler = type("Handler", (Receiver,), {"answers": [], "posted": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.AUDIT_ANCHOR_WEBHOOKS = [f"http://127.0.0.1:{server.server_port}/checkpoints"]
    settings.AUDIT_ANCHOR_SECRET = SECRET
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.AUDIT_ANCHOR_EMAILS = ["auditor@example.com"]
    yield box
    controller.stop()


def deliver(at: dt.datetime) -> tuple[int, int]:
    anchoring.queue(by=BY, at=at)
    return anchoring.deliver(send=providers.send, undelivered=providers.Undelivered, by=BY, at=at)


def test_a_checkpoint_is_mailed_once_a_day_with_the_note_as_it_was_signed(sealed_book: str, mailbox: Mailbox) -> None:
    change_something("a")
    text = sealed()

    assert tasks.anchor() == 1
    change_something("b")
    sealed()
    assert tasks.anchor() == 0  # its time has not come

    (message,) = mailbox.messages
    attached = [part for part in message_from_bytes(message).walk() if part.get_filename()]
    assert [part.get_payload(decode=True) for part in attached] == [text.encode()]


def standing(of: str) -> tuple[list[dict[str, Any]], str]:
    """How the trail stands with those outside, over the API and on the page."""
    theo = Client()
    theo.force_login(access.person("theo"))
    answer = theo.get("/api/audit/verifications/standing/").json()
    return answer[of], theo.get("/audit/book/").content.decode()


def test_what_does_not_arrive_is_tried_until_it_does(sealed_book: str, receiver: type[Receiver]) -> None:
    change_something("a")
    first = sealed()
    receiver.answers += [503, 204, 204]

    assert deliver(AT) == (0, 1)
    assert queries.summary()["errors"] == ["answered 503"]
    (waiting,), page = standing("outside")
    assert (waiting["state"], waiting["arrived_at"], waiting["attempts"]) == ("failing", None, 1)
    assert "Does not arrive" in page
    assert "answered 503" in page
    assert deliver(AT) == (0, 0)  # not at once again
    change_something("b")
    second = sealed()
    assert deliver(AT + MINUTE) == (2, 0)

    (arrived,), page = standing("outside")
    assert (arrived["state"], arrived["error"], "Does not arrive" in page) == ("arrived", "", False)
    assert receiver.posted == [(providers.signature(SECRET, n.encode()), n.encode()) for n in (first, first, second)]
    assert queries.summary() | {"last_anchor": None} == {
        "last_anchor": None, "waiting": 0, "errors": [], "last_cosignature": None, "cosigned_by": None,
        "cosigned_size": None,
    }  # fmt: skip
    assert not Operation.objects.filter(action="trail.anchor").exists()  # or the trail would never come to rest


def test_nobody_is_there(sealed_book: str, settings: Settings) -> None:
    settings.AUDIT_ANCHOR_WEBHOOKS = ["http://127.0.0.1:9/checkpoints", "ftp://example.com/"]
    change_something("a")
    sealed()

    assert deliver(AT) == (0, 2)
    assert set(AnchorDelivery.objects.values_list("error", flat=True)) == {"AUDIT_ANCHOR_SECRET is not set"}
    settings.AUDIT_ANCHOR_SECRET = SECRET
    assert deliver(AT + MINUTE) == (0, 2)
    assert AnchorDelivery.objects.filter(error="not a web address", attempts=2).count() == 1


def test_what_an_address_may_hold_in_secret_is_not_shown() -> None:
    assert rules.shown("mailto:auditor@example.com") == "mailto:auditor@example.com"
    assert rules.shown("https://us:pw@example.com:8443/in?token=1") == "https://example.com:8443/in"


def test_waiting_is_doubled_up_to_six_hours() -> None:
    assert [rules.wait(n) for n in (1, 2, 3, 30)] == [MINUTE, 2 * MINUTE, 4 * MINUTE, dt.timedelta(hours=6)]


def test_a_clock_that_jumped_back_stops_no_anchor() -> None:
    target = rules.Target("mailto:a@example.com", dt.timedelta(days=1))

    assert not rules.is_due(target, AT, AT + MINUTE)
    assert rules.is_due(target, AT, AT - MINUTE)
    assert rules.is_due(target, None, AT)


@pytest.fixture
def auditors_key(settings: Settings) -> None:
    public = Verifier("auditor.example", AUDITOR.public_key().public_bytes_raw(), COSIGNATURE)
    settings.AUDIT_COSIGNERS = [public.text]


def cosigned(text: str, at: dt.datetime = AT, key: Ed25519PrivateKey = AUDITOR) -> str:
    return note.cosign(text, "auditor.example", key, int(at.timestamp()))


def stated_size(text: str) -> int:
    return note.checkpoint(note.split(text)[0]).size


def test_an_auditor_reads_the_checkpoint_and_sends_it_back_signed(sealed_book: str, auditors_key: None) -> None:
    otto, cora = Client(), Client()
    otto.force_login(access.person("otto"))
    cora.force_login(access.person("cora"))
    change_something("a")
    text = sealed()
    assert [found["state"] for found in standing("cosigners")[0]] == ["never"]
    (shown,) = otto.get("/api/audit/checkpoints/").json()

    body = {"note": cosigned(shown["note"])}
    answers = [client.post("/api/audit/checkpoints/", body, "application/json") for client in (cora, otto, otto)]

    assert shown["note"] == text
    assert [answer.status_code for answer in answers] == [403, 201, 409]
    assert "already" in answers[2].json()["detail"]
    (signed,), page = standing("cosigners")
    assert (signed["address"], signed["state"], signed["size"]) == ("auditor.example", "arrived", stated_size(text))
    assert "auditor.example" in page
    (kept,) = queries.cosignatures("auditor")
    assert (kept.name, kept.signed_at) == ("auditor.example", AT)
    assert text + kept.line == body["note"]
    assert seal_faults.faults("auditor") == []


def test_what_an_auditor_did_not_sign_is_refused(sealed_book: str, auditors_key: None, settings: Settings) -> None:
    change_something("a")
    text = sealed()
    stated = note.checkpoint(note.split(text)[0])
    false = {
        "no co-signer whom we know": text,
        "the signature of auditor.example is false": cosigned(text)[:-8] + "AAAAAA=\n",
        "it is of elsewhere": cosigned(note.sign(Checkpoint("elsewhere", 1, merkle.EMPTY).text, "elsewhere", AUDITOR)),
        "no checkpoint of 1 events": cosigned(note.sign(Checkpoint(stated.origin, 1, merkle.EMPTY).text, "x", AUDITOR)),
        "another tree": cosigned(note.sign(Checkpoint(stated.origin, stated.size, merkle.EMPTY).text, "x", AUDITOR)),
        "in the future": cosigned(text, AT + 10 * MINUTE),
        "not a signed note": "hello",
    }

    for reason, given in false.items():
        with pytest.raises(Refused, match=reason):
            cosigning.cosign(text=given, by=BY, at=AT)

    cosigning.cosign(text=cosigned(text), by=BY, at=AT)
    settings.AUDIT_COSIGNERS = []
    assert {fault.code for fault in seal_faults.faults("auditor")} == {"cosignature"}
