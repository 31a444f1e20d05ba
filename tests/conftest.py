"""Every test's database and broker: real servers of the tests' own, the application's own role."""

import os
from collections.abc import Iterator
from itertools import count

import hypothesis
import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

import config.celery  # noqa: F401 - the application that shared tasks belong to
from apps.core.domain.actor import System
from apps.customers.actions import keyring
from config.embedded import paths, services
from tests import databases
from tests.databases import Databases

numbers = count(1)
LONG = "long"  # of `--hypothesis-profile=long`: what walks, walks further
hypothesis.settings.register_profile(  # ten minutes; shrinking would take as long again
    LONG, max_examples=40, stateful_step_count=40, phases=(hypothesis.Phase.generate,)
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse what would empty tables by TRUNCATE, which no role of the application may do."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        truncates = marker and (marker.kwargs.get("transaction") or any(marker.args))
        if truncates or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
            raise pytest.UsageError(f"{item.nodeid}: tests that need real commits use the fixture fresh_database.")


@pytest.fixture(scope="session", autouse=True)
def passwords_of_the_tests() -> None:
    """Hashed as the product hashes them, with less work."""
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.PASSWORD_HASHERS = ["tests.hashers.Quick"]


@pytest.fixture(scope="session", autouse=True)
def seals_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is sealed in a test is signed with a key of the tests and published nowhere else."""
    place = tmp_path_factory.mktemp("seals")
    settings.SECRETS_KEY_FILE = str(place / "secrets.keys")
    settings.AUDIT_KEY_FILE, settings.AUDIT_ANCHORS = str(place / "audit.pem"), str(place)
    os.environ["AUDIT_KEY_FILE"], os.environ["AUDIT_ANCHORS"] = settings.AUDIT_KEY_FILE, settings.AUDIT_ANCHORS


@pytest.fixture(scope="session", autouse=True)
def keys_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Personal data of the tests are sealed with keys of the tests."""
    settings.PERSONAL_KEY_FILE = str(tmp_path_factory.mktemp("keys") / "personal.json")
    os.environ["PERSONAL_KEY_FILE"] = settings.PERSONAL_KEY_FILE
    keyring.make(by=System("tests"), at=timezone.now())


@pytest.fixture(scope="session")
def database_server(django_db_blocker: DjangoDbBlocker) -> Databases:
    """The server of the tests, with its migrated template."""
    with django_db_blocker.unblock():
        return databases.prepare()


@pytest.fixture(scope="session")
def django_db_setup(database_server: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """One database for each worker, in which `db` rolls everything back."""
    name = f"{databases.CLONE}{os.getpid()}"
    database_server.clone(name)
    with django_db_blocker.unblock(), databases.pointed_to(name):
        yield
    database_server.drop(name)


@pytest.fixture
def fresh_database(
    database_server: Databases,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """A database of the test's own, for real commits, threads and other processes; its name.

    The environment leads processes that the test starts to the same database.
    """
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_database commits for real: take away `db` and `django_db`.")
    name = f"{databases.CLONE}{os.getpid()}_{next(numbers)}"
    database_server.clone(name)
    for variable, url in databases.urls(name).items():
        monkeypatch.setenv(variable, url)
    monkeypatch.setenv("WHITESLIP_NO_VENV", "1")
    monkeypatch.setenv("TEMPLATE_DATABASE", database_server.template)
    with django_db_blocker.unblock(), databases.pointed_to(name):
        yield name
    database_server.drop(name)


@pytest.fixture(scope="session")
def broker_server() -> str:
    """The tests' own broker, whose queues all tests share; its address."""
    services.hold(databases.SERVERS, database=False, broker=True, fast=True)
    return paths.broker_url(databases.SERVERS)


@pytest.fixture
def broker(broker_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The broker's address, with queues that no other worker sees; processes that the test starts find it too."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = f"{broker_server}?virtual_host={worker % 16}"
    monkeypatch.setenv("BROKER_URL", url)
    return url
