"""The OpenAPI description: clean, and honest about what is refused."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests.factories import access


def test_the_description_is_valid_and_without_warnings(tmp_path: Path) -> None:
    file = tmp_path / "schema.yml"

    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))

    assert file.stat().st_size > 10_000


def test_every_operation_says_how_it_refuses() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]

    silent = [
        f"{method} {path}"
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if not {"401", "403"} <= set(operation["responses"]) or (method == "post") > ("409" in operation["responses"])
    ]
    assert silent == []


@pytest.mark.django_db
def test_what_is_not_there_and_what_is_not_allowed_are_told_with_a_code() -> None:
    unknown, anna = Client(), Client()
    anna.force_login(access.person("anna"))

    answers = [unknown.get("/api/bills/"), anna.get("/api/bills/none/"), anna.delete("/api/bills/none/")]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (401, "not_authenticated"),
        (404, "not_found"),
        (405, "method_not_allowed"),
    ]
