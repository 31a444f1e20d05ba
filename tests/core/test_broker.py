"""The suite's broker."""

from celery import Celery


def test_a_task_that_is_sent_waits_in_the_queue(broker: str) -> None:
    app = Celery(broker=broker)

    app.send_task("anything", queue="waiting")

    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("waiting").get(timeout=5)
        message.ack()
    assert message.headers["task"] == "anything"
