"""Commands, worker and broker: real processes, killed and cut off at the worst moment."""

import datetime as dt
import json
import mailbox
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.customers.domain.contact import Channel
from apps.outreach import tasks
from apps.outreach.models import Message
from config.celery import app
from tests.factories.outreach import debtor, queued
from tests.outreach.conftest import Mailserver

CHECKOUT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, "manage.py"]
PATIENCE = 90  # seconds for a process to start on a busy machine


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*MANAGE, *words], cwd=CHECKOUT, capture_output=True, text=True, check=False)


@contextmanager
def process(*words: str) -> "Iterator[subprocess.Popen[str]]":
    """A process of ours that is gone afterwards."""
    started = subprocess.Popen(
        words, cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        yield started
    finally:
        if started.poll() is None:
            os.killpg(started.pid, signal.SIGKILL)
        started.communicate()


def due_now(channel: Channel, **customer: Any) -> Message:
    """A message that a process with the real clock may send at once, whatever the time of day."""
    now = timezone.now()
    zone = f"Etc/GMT{now.hour - 12:+d}"  # where it is about noon
    message = queued(debtor(time_zone=zone, **customer), channel, at=now - dt.timedelta(hours=3))
    Message.objects.filter(pk=message.pk).update(scheduled_at=now)
    return message


def final(message: Message) -> Message:
    """The message once whoever works on it is done."""
    from django.db import transaction

    with transaction.atomic():
        return Message.objects.select_for_update().get(pk=message.pk)


@pytest.mark.usefixtures("fresh_database")
def test_the_command_drains_the_outbox_and_says_so(mailserver: Mailserver) -> None:
    message = due_now(Channel.EMAIL)

    first, second = run("deliver_outbox", "--json"), run("deliver_outbox")

    assert first.returncode == 0, first.stderr
    summary = json.loads(first.stdout)
    assert summary.pop("seconds") >= 0
    assert summary == {"messages": 1, "sent": 1, "failed": 0, "blocked": 0, "cancelled": 0, "waiting": 0}
    assert second.stdout == "Nothing is due.\n"
    assert final(message).status == "sent"
    assert len(mailserver.mails) == 1


@pytest.mark.usefixtures("fresh_database")
def test_a_process_killed_between_sending_and_committing_sends_again_under_the_same_key(
    mailserver: Mailserver,
) -> None:
    messages = [due_now(Channel.EMAIL) for _ in range(3)]
    with process(*MANAGE, "deliver_outbox") as worker:
        mailserver.on_data = lambda: len(mailserver.mails) == 2 and os.killpg(worker.pid, signal.SIGKILL)
        assert worker.wait(PATIENCE) == -signal.SIGKILL
    assert {final(message).status for message in messages} == {"planned"}
    mailserver.on_data = lambda: None

    run("deliver_outbox")

    sent = [final(message) for message in messages]
    assert {message.status for message in sent} == {"sent"}
    first, second, third = (message.provider_reference for message in sent)
    assert [mail["Message-ID"] for mail in mailserver.mails] == [first, second, first, second, third]


@pytest.mark.usefixtures("fresh_database")
def test_a_mail_server_that_is_down_does_not_hold_up_the_other_channels(
    dead_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{dead_port}")
    mails, others = [[due_now(channel) for _ in range(5)] for channel in (Channel.EMAIL, Channel.SMS)]

    done = run("deliver_outbox", "--json")

    summary = json.loads(done.stdout)
    assert (summary["sent"], summary["waiting"], summary["failed"]) == (5, 5, 0)
    assert {final(message).status for message in others} == {"sent"}
    assert {final(message).status for message in mails} == {"planned"}
    assert sum(final(message).attempts for message in mails) == 1


@pytest.mark.usefixtures("fresh_database")
def test_two_processes_side_by_side_send_each_message_once(
    outbox_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTBOX_BATCH", "7")
    messages = [due_now(Channel.APP) for _ in range(40)]

    with process(*MANAGE, "deliver_outbox") as one, process(*MANAGE, "deliver_outbox") as other:
        assert (one.wait(PATIENCE), other.wait(PATIENCE)) == (0, 0)

    lines = (outbox_folder / "app.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["reference"] for line in lines) == sorted(m.reference for m in messages)
    assert {final(message).attempts for message in messages} == {1}


@pytest.mark.usefixtures("fresh_database")
def test_a_worker_delivers_what_the_scheduler_asks_for(mailserver: Mailserver, broker: str) -> None:
    message = due_now(Channel.EMAIL)
    worker = (sys.executable, "-m", "celery", "-A", "config.celery", "worker", "--concurrency=1", "--loglevel=warning")

    with process(*worker):
        with app.connection_for_write(url=broker) as connection:
            app.send_task(tasks.deliver_outbox.name, connection=connection)
        assert mailserver.arrived.wait(PATIENCE)
        sent = final(message)

    assert (sent.status, sent.attempts) == ("sent", 1)
    assert [mail["Message-ID"] for mail in mailserver.mails] == [sent.provider_reference]


@pytest.mark.usefixtures("fresh_database")
def test_a_broker_that_is_down_stops_neither_planning_nor_delivery_by_hand(
    mailserver: Mailserver, dead_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROKER_URL", f"redis://127.0.0.1:{dead_port}/0")
    message = due_now(Channel.EMAIL)

    done = run("deliver_outbox")

    assert (done.returncode, done.stdout) == (0, "1 sent.\n")
    assert final(message).status == "sent"


def test_the_mailbox_takes_a_real_mail_and_keeps_it(tmp_path: Path, dead_port: int) -> None:
    import smtplib

    with process(*MANAGE, "mailbox", "--port", str(dead_port)) as server:
        assert server.stdout is not None
        assert str(dead_port) in server.stdout.readline()
        with smtplib.SMTP("127.0.0.1", dead_port) as client:
            client.sendmail("from@a.example", ["to@b.example"], "Subject: hello\r\n\r\nworld\r\n")
        server.terminate()
        assert server.wait(PATIENCE) == 0

    (mail,) = mailbox.Maildir(tmp_path / "mail", create=False)
    assert (mail["Subject"], mail.get_payload()) == ("hello", "world\n")


def test_a_port_that_is_taken_is_said_plainly(dead_port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", dead_port))
        taken.listen()
        done = run("mailbox", "--port", str(dead_port))

    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
