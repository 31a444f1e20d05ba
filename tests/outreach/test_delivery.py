"""Delivery: the gate asked again, a real mail server, nothing lost, nothing sent under a second name."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from apps.core.domain.actor import System
from apps.customers.domain.contact import Channel
from apps.outreach import registry
from apps.outreach.actions import delivery
from apps.outreach.domain.delivery import Delivered, Outgoing, Unavailable, Undeliverable
from apps.outreach.models import GateDecision, Message
from tests.factories.outreach import CLOSE, MIDNIGHT, NOON, debtor, pays, queued
from tests.outreach.conftest import Mailserver

pytestmark = pytest.mark.django_db


def deliver(at: dt.datetime = NOON) -> Delivered | None:
    return delivery.deliver_one(by=System("outbox"), at=at)


def lines(folder: Path, channel: Channel) -> list[dict[str, str]]:
    return [json.loads(line) for line in (folder / f"{channel}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_an_email_leaves_through_the_mail_server_under_its_reference(mailserver: Mailserver) -> None:
    message = queued(debtor(reference="C-1", language="en", name="Ann Reader"), Channel.EMAIL)

    assert deliver() is not None

    message.refresh_from_db()
    (mail,) = mailserver.mails
    assert (message.status, message.sent_at, message.attempts, message.provider) == ("sent", NOON, 1, "smtp")
    assert message.provider_reference == mail["Message-ID"] == "<C-1-auto_reminder-2026-02-26@whiteslip.example>"
    assert mail["To"] == message.address
    assert mail["Subject"] == "Your payment of CNY 1,234.50 is overdue"
    assert mail["List-Unsubscribe"] == "<mailto:noreply@whiteslip.example?subject=unsubscribe>"
    assert "unsubscribe" in mail.get_content()


@pytest.mark.parametrize("channel", [Channel.APP, Channel.SMS, Channel.WECHAT, Channel.QQ])
def test_other_channels_leave_through_a_file(channel: Channel, outbox_folder: Path) -> None:
    message = queued(debtor(), channel)

    deliver()

    message.refresh_from_db()
    assert message.status == "sent"
    assert [line["reference"] for line in lines(outbox_folder, channel)] == [message.reference]


def test_nothing_leaves_before_its_time_and_an_idle_look_is_no_operation() -> None:
    queued(debtor(), Channel.APP)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit.operation")
        before = cursor.fetchone()
        assert deliver(at=MIDNIGHT) is None
        cursor.execute("SELECT count(*) FROM audit.operation")
        assert cursor.fetchone() == before


def test_each_delivery_is_an_operation_of_the_trail_without_the_address_or_the_text() -> None:
    message = queued(debtor(reference="C-2"), Channel.APP)

    deliver()

    with connection.cursor() as cursor:
        cursor.execute("SELECT sentence, object_id, detail FROM audit.operation WHERE action = 'outreach.deliver'")
        sentence, subject, detail = cursor.fetchone()
    assert (sentence, subject) == ("Sent C-2-auto_reminder-2026-02-26.", str(message.pk))
    assert message.address not in detail


def test_what_was_paid_meanwhile_is_not_asked_for() -> None:
    customer = debtor()
    message = queued(customer, Channel.APP)
    pays(customer)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.sent_at) == ("cancelled", None)


def test_the_gate_is_asked_again_and_an_opt_out_counts() -> None:
    customer = debtor()
    message = queued(customer, Channel.APP)
    customer.contact_points.update(consented_date=None)

    deliver()

    message.refresh_from_db()
    assert message.status == "blocked"
    assert (message.decision.reasons, message.decision.decided_at) == ("consent", NOON)
    assert GateDecision.objects.count() == 2


def test_what_comes_due_at_night_waits_for_the_morning() -> None:
    message = queued(debtor(), Channel.APP)
    night = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)  # 23:00 in Shanghai

    deliver(at=night)

    message.refresh_from_db()
    assert message.status == "planned"
    assert message.scheduled_at == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)


def test_what_waited_for_days_is_not_sent_any_more() -> None:
    message = queued(debtor(), Channel.APP)

    deliver(at=MIDNIGHT + dt.timedelta(hours=58))

    message.refresh_from_db()
    assert (message.status, message.decision.reasons) == ("blocked", "operator-freshness")


def test_a_third_text_message_on_a_day_waits_for_the_next_one() -> None:
    customer = debtor()
    messages = [queued(customer, Channel.SMS, purpose=purpose) for purpose in ("first", "second")]
    third = queued(customer, Channel.SMS, purpose="third", at=MIDNIGHT - dt.timedelta(hours=8))
    Message.objects.filter(pk=third.pk).update(scheduled_at=NOON)

    for _ in range(3):
        deliver()

    third.refresh_from_db()
    assert [Message.objects.get(pk=message.pk).status for message in messages] == ["sent", "sent"]
    assert (third.status, third.decision.reasons) == ("planned", "operator-daily-sms")
    assert third.scheduled_at == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)


def test_a_mail_server_that_is_down_is_tried_again_ever_later_and_at_last_given_up(
    settings: Settings, dead_port: int
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", dead_port
    message = queued(debtor(), Channel.EMAIL)

    waits, at = [], NOON
    while message.status == "planned":
        delivered = deliver(at=at)
        assert delivered is not None
        message.refresh_from_db()
        waits.append((message.scheduled_at - at).total_seconds())
        at = message.scheduled_at

    assert waits == [60, 300, 1_800, 7_200, 0]
    assert (message.status, message.attempts) == ("failed", 5)
    assert "refused" in message.error.lower()


def test_a_message_that_failed_once_leaves_when_the_server_is_back(
    mailserver: Mailserver, settings: Settings, dead_port: int
) -> None:
    message, port = queued(debtor(), Channel.EMAIL), settings.EMAIL_PORT
    settings.EMAIL_PORT = dead_port
    deliver()
    settings.EMAIL_PORT = port

    assert deliver() is None
    deliver(at=NOON + dt.timedelta(seconds=60))

    message.refresh_from_db()
    assert (message.status, message.attempts, message.error) == ("sent", 2, "")
    assert len(mailserver.mails) == 1


@pytest.mark.parametrize(("answer", "status"), [("550 no such mailbox", "failed"), ("451 try again later", "planned")])
def test_a_refused_address_has_failed_and_a_busy_server_is_tried_again(
    mailserver: Mailserver, answer: str, status: str
) -> None:
    mailserver.answer = answer
    message = queued(debtor(), Channel.EMAIL)

    deliver()

    message.refresh_from_db()
    assert message.status == status
    assert answer in message.error


def test_an_address_that_no_mail_can_carry_has_failed(mailserver: Mailserver) -> None:
    customer = debtor()
    customer.contact_points.filter(kind="email").update(value="a@b\nBcc: everybody@example.com")
    message = queued(customer, Channel.EMAIL)

    deliver()

    message.refresh_from_db()
    assert (message.status, mailserver.mails) == ("failed", [])


def test_a_channel_without_a_provider_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_providers", {})
    message = queued(debtor(), Channel.QQ)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.error) == ("planned", "no provider delivers on qq")


def test_a_channel_that_does_not_answer_leaves_the_others_their_turn(outbox_folder: Path) -> None:
    outbox_folder.write_text("in the way", encoding="utf-8")  # a file where the folder should be
    queued(debtor(), Channel.QQ)

    delivered = deliver()

    assert delivered is not None
    assert delivered.is_unavailable
    assert delivery.deliver_one(by=CLOSE, at=NOON + dt.timedelta(hours=1), without={Channel.QQ}) is None


def test_a_plugin_may_take_a_channel_over(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pigeon:
        name = "pigeon"

        def send(self, message: Outgoing) -> str:
            if "+" in message.address:
                raise Undeliverable("pigeons know no numbers")
            raise Unavailable("moulting")

    registry.provider(Channel.SMS, Pigeon())
    message = queued(debtor(), Channel.SMS)

    deliver()

    message.refresh_from_db()
    assert (message.status, message.provider, message.error) == ("planned", "pigeon", "moulting")
