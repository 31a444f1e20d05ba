"""The pages of the shell."""

import pytest
from django.test import Client

from tests.factories import access

pytestmark = pytest.mark.django_db


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def test_the_unknown_are_sent_to_the_log_in() -> None:
    answer = Client().get("/?q=1")

    assert (answer.status_code, answer["Location"]) == (302, "/login?next=/%3Fq%3D1")


def test_the_right_password_opens_the_page_that_was_wanted() -> None:
    access.person("anna", password=access.PASSWORD, language="zh-hans")
    client = Client()

    answer = client.post("/login", {"username": "anna", "password": access.PASSWORD, "next": "/find?q=1"})

    assert (answer.status_code, answer["Location"]) == (302, "/find?q=1")
    assert answer.cookies["django_language"].value == "zh-hans"
    assert client.get("/").status_code == 200


def test_nobody_is_sent_to_another_site() -> None:
    access.person("anna", password=access.PASSWORD)

    answer = Client().post("/login", {"username": "anna", "password": access.PASSWORD, "next": "https://evil.example/"})

    assert answer["Location"] == "/"


@pytest.mark.parametrize("username", ["anna", "nobody"])
def test_a_wrong_password_says_nothing_about_who_exists(username: str) -> None:
    access.person("anna", password=access.PASSWORD)

    answer = Client().post("/login", {"username": username, "password": "wrong"})

    assert answer.status_code == 200
    assert "The user name and the password do not match." in answer.content.decode()


def test_home_greets_by_name_and_role() -> None:
    page = signed_in("anna").get("/").content.decode()

    assert "Hello, Anna An" in page
    assert "Agent" in page


def test_an_address_that_leads_nowhere_is_a_page() -> None:
    answer = signed_in("anna").get("/nowhere")

    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()


def test_the_endpoints_answer_the_unknown_with_401_and_the_wrong_with_403() -> None:
    assert Client().get("/api/schema/").status_code == 401

    answer = signed_in("adam").get("/api/")

    assert answer.status_code == 403
    assert "Use the API" in answer.json()["detail"]
    assert signed_in("anna").get("/api/schema/").status_code == 200


def test_alive() -> None:
    assert Client().get("/healthz").json() == {"ok": True}
