"""A real browser against the real site: Chromium, a live server, a database of the test's own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from apps.access.models import User
from tests.factories import access

CHROMIUM = shutil.which("chromium")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SWITCHES += ["--disable-component-update", "--disable-sync"]
WIDE, NARROW = (1440, 900), (390, 844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here, and skip it with a reason where there is no browser."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="there is no chromium on this machine"))


class Silent(WSGIRequestHandler):
    """Answers without a line for every request."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def site(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the site, served by this process over a database of the test's own."""
    for alias in ("default", "owner", "auditor"):
        monkeypatch.setitem(connections[alias].settings_dict, "CONN_MAX_AGE", 0)
    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.daemon_threads = True
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once; Django is told that its loop in this thread is not ours."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=SWITCHES)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Desk:
    """One person's window on the site, and every complaint of the browser about it."""

    site: str
    page: Page
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a page of the site."""
        self.page.goto(self.site + path)
        return self.page

    def log_in(self, user: User, password: str = access.PASSWORD) -> Page:
        """Log in by the form, as a person does."""
        page = self.open("/login")
        page.locator("[name=username]").fill(user.username)
        page.locator("[name=password]").fill(password)
        page.locator("main button.btn-primary").click()
        page.wait_for_url(f"{self.site}/")
        return page

    def findings(self) -> list[str]:
        """What axe finds wrong with the page as it stands."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


OpenDesk = Callable[..., Desk]


@pytest.fixture
def desk(site: str, browser: Browser) -> Iterator[OpenDesk]:
    """Open a window: `desk()` wide, `desk(NARROW)` as on a telephone, each with a session of its own."""
    contexts: list[BrowserContext] = []

    def opened(size: tuple[int, int] = WIDE) -> Desk:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="en-GB")
        context.set_default_timeout(15_000)
        contexts.append(context)
        made = Desk(site, context.new_page())
        made.page.on("console", lambda said: made.complaints.append(said.text) if said.type == "error" else None)
        made.page.on("pageerror", lambda error: made.complaints.append(str(error)))
        return made

    yield opened
    for context in contexts:
        context.close()
