"""Addresses of the embedded servers, and the secret key."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dj_database_url
import pytest

from config.embedded import paths


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    var = tmp_path / ("d" * 60) / ("e" * 60) / "var"
    monkeypatch.setenv("WHITESLIP_VAR", str(var))
    return var


def test_a_socket_fits_into_107_bytes_however_deep_the_checkout(deep: Path) -> None:
    longest = paths.runtime_dir() / ".s.PGSQL.5432.lock"

    assert len(bytes(longest)) < 107
    assert len(bytes(paths.broker_socket())) < 107


def test_two_checkouts_have_two_socket_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = set()
    for name in ("one", "other"):
        monkeypatch.setenv("WHITESLIP_VAR", str(tmp_path / (name * 40) / "var"))
        found.add(paths.runtime_dir())

    assert len(found) == 2


def test_a_database_address_leads_to_the_socket_directory(deep: Path) -> None:
    parsed = dj_database_url.parse(paths.database_url("whiteslip_app"))

    assert (parsed["HOST"], parsed["USER"], parsed["NAME"]) == (str(paths.runtime_dir()), "whiteslip_app", "whiteslip")


def test_asking_for_addresses_makes_nothing(deep: Path) -> None:
    paths.database_url("whiteslip_app")
    paths.broker_url()

    assert not deep.exists()


def test_everybody_who_asks_at_once_gets_the_same_secret_key(deep: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: paths.secret_key(), range(16)))

    (key,) = keys
    assert len(key) >= 50
    assert [path.name for path in deep.iterdir()] == ["secret_key"]
    assert stat.S_IMODE((deep / "secret_key").stat().st_mode) == 0o600
