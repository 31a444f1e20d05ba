"""How a "no" and a silent database are answered, on pages and at endpoints."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import OperationalError, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoDbBlocker

from apps.core.api import exception_handler
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.middleware import Refusals, is_down

NO = Refused("There is less than that.", code="too_much")


def answer(request: HttpRequest, error: Exception) -> HttpResponse | None:
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _: HttpResponse()).process_request(request)
    return Refusals(lambda _: HttpResponse()).process_exception(request, error)


@pytest.fixture
def silence(django_db_blocker: DjangoDbBlocker) -> OperationalError:
    """What a database that is not there makes Django raise."""
    nowhere = connections["default"].settings_dict | {"HOST": "127.0.0.1", "PORT": "1"}
    with django_db_blocker.unblock(), pytest.raises(OperationalError) as error:
        DatabaseWrapper(nowhere, "nowhere").ensure_connection()
    return error.value


@pytest.mark.django_db
def test_a_refused_form_goes_back_to_its_page_with_the_sentence() -> None:
    request = RequestFactory().post("/pay", headers={"referer": "http://testserver/pay?step=2"})

    response = answer(request, NO)

    assert response is not None
    assert (response.status_code, response["Location"]) == (302, "http://testserver/pay?step=2")
    assert [str(message) for message in get_messages(request)] == ["There is less than that."]


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"referer": "https://evil.example/"}])
def test_a_refused_form_from_nowhere_is_a_page_of_its_own(headers: dict[str, str]) -> None:
    response = answer(RequestFactory().post("/pay", headers=headers), NO)

    assert response is not None
    assert response.status_code == 409
    assert "There is less than that." in response.content.decode()


@pytest.mark.django_db
def test_a_refused_page_says_why() -> None:
    responses = [answer(RequestFactory().get("/"), error) for error in (NO, Forbidden("Not you."))]

    assert [response.status_code for response in responses if response] == [409, 403]


def test_what_is_unforeseen_stays_an_error() -> None:
    assert answer(RequestFactory().get("/"), ValueError("x")) is None


def test_an_endpoint_answers_with_code_and_sentence() -> None:
    refused, forbidden = (exception_handler(error, {}) for error in (NO, Forbidden("Not you.")))

    assert refused is not None
    assert forbidden is not None
    assert (refused.status_code, refused.data) == (409, {"code": "too_much", "detail": "There is less than that."})
    assert (forbidden.status_code, forbidden.data) == (403, {"code": "forbidden", "detail": "Not you."})


def test_a_silent_database_is_503_in_both_languages(silence: OperationalError) -> None:
    page = answer(RequestFactory().get("/"), silence)
    endpoint = exception_handler(silence, {})

    assert page is not None
    assert endpoint is not None
    assert [page.status_code, endpoint.status_code] == [503, 503]
    assert "The database does not answer" in page.content.decode()
    assert "数据库没有响应" in page.content.decode()


@pytest.mark.django_db
def test_a_statement_that_fails_is_not_a_silent_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        with pytest.raises(OperationalError) as error:
            cursor.execute("SELECT pg_sleep(1)")

    assert not is_down(error.value)
    assert answer(RequestFactory().get("/"), error.value) is None


def test_a_database_that_dies_under_a_session_is_503_and_not_a_traceback(
    silence: OperationalError, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    nowhere = DatabaseWrapper(connections["default"].settings_dict | {"HOST": "127.0.0.1", "PORT": "1"}, "default")
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "somebody"
    with django_db_blocker.unblock():
        before = connections["default"]
        connections["default"] = nowhere
        try:
            responses = [client.get("/"), client.get("/healthz"), client.get("/api/staff/")]
        finally:
            connections["default"] = before

    assert [response.status_code for response in responses] == [503, 503, 503]
    assert "数据库没有响应" in responses[0].content.decode()
