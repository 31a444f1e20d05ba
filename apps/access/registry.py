"""What the apps above add to the shell: controlled actions, navigation, tiles, search and the business date."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from apps.access.domain.permissions import Permission

if TYPE_CHECKING:
    from apps.access.models import User

GIVEN = "second_factor_at"  # in a session that has given one
PENDING = "second_factor_pending"  # in one that has given the password alone
Text = str | Promise
Facts = dict[str, Any]


@dataclass(frozen=True)
class Controlled:
    """An action that needs agreement: how its facts are found, and what carries it out."""

    name: str
    label: Text
    facts: Callable[[dict[str, Any]], Facts]  # from the request's payload
    execute: Callable[..., object]  # execute(request, by=, at=), inside the approving transaction
    evidence: str = ""  # the name of the page, by the request's reference, that shows all of what is asked
    ended: Callable[..., object] | None = None  # ended(request, by=, at=), where a request ends without its approval


@dataclass(frozen=True)
class Entry:
    """A line of the navigation."""

    label: Text
    url_name: str
    permission: Permission
    order: int
    icon: str
    key: str  # pressed after `g`, leads here


@dataclass(frozen=True)
class Link:
    """A button on the page of every customer."""

    label: Text
    url_name: str
    permission: Permission


@dataclass(frozen=True)
class Tile:
    """A card of the home page: one figure, what it means and where it leads."""

    title: Text
    value: int | str | Decimal | dt.date
    hint: Text = ""
    url: str = ""
    action: Text = ""  # the words of the link
    tone: str = "neutral"


@dataclass(frozen=True)
class Supplier:
    """Who makes a tile or answers a search, and what one must be allowed to see it."""

    permission: Permission
    call: Callable[..., Any]
    order: int = 100


_controlled: dict[str, Controlled] = {}
_nav: dict[str, Entry] = {}
_customer_links: dict[str, Link] = {}
_tiles: list[Supplier] = []
_finders: list[Supplier] = []
_products: list[Callable[[], Sequence[tuple[str, str]]]] = []
_walls: list[Callable[[Any, "User"], Any]] = []
_business_date: list[Callable[[], dt.date | None]] = []


def controlled(
    name: str,
    *,
    label: Text,
    facts: Callable[[dict[str, Any]], Facts],
    execute: Callable[..., object],
    evidence: str = "",
    ended: Callable[..., object] | None = None,
) -> None:
    """Declare a controlled action; nothing else may carry it out."""
    _controlled[name] = Controlled(name, label, facts, execute, evidence, ended)


def action(name: str) -> Controlled:
    """The controlled action of that name."""
    return _controlled[name]


def actions() -> Sequence[Controlled]:
    """Every controlled action, by name."""
    return [_controlled[name] for name in sorted(_controlled)]


def nav(
    label: Text, url_name: str, permission: Permission, order: int, *, icon: str = "file-text", key: str = ""
) -> None:
    """Add a line to the navigation of everybody who holds the permission.

    `icon` is a name in the vendored sprite; `key`, a letter, leads there when typed after `g`. Raises ValueError where
    the letter leads elsewhere already.
    """
    for entry in _nav.values():
        if key and entry.key == key and entry.url_name != url_name:
            raise ValueError(f"The key {key} leads to {entry.url_name} already, not to {url_name}.")
    _nav[url_name] = Entry(label, url_name, permission, order, icon, key)


def entries(permissions: Iterable[Permission]) -> list[Entry]:
    """The navigation of somebody who holds these permissions, in order."""
    held = set(permissions)
    return sorted((entry for entry in _nav.values() if entry.permission in held), key=lambda entry: entry.order)


def customer_link(label: Text, url_name: str, permission: Permission) -> None:
    """Add a button to every customer's page for whoever holds the permission; its address takes the reference."""
    _customer_links[url_name] = Link(label, url_name, permission)


def customer_links(permissions: Iterable[Permission]) -> list[Link]:
    """The buttons of the apps above that somebody with these permissions finds on the page of a customer."""
    held = set(permissions)
    return [link for link in _customer_links.values() if link.permission in held]


def tile(permission: Permission, call: Callable[["User"], Tile | None], *, order: int = 100) -> None:
    """Add a card to the home page; `call(user)` answers with a `Tile`, or None where there is nothing to say."""
    _tiles.append(Supplier(permission, call, order))


def tiles(user: "User", permissions: Iterable[Permission]) -> list[Tile]:
    """The cards of this user's home page, in order."""
    held = set(permissions)
    suppliers = sorted((s for s in _tiles if s.permission in held), key=lambda supplier: supplier.order)
    return [made for supplier in suppliers if (made := supplier.call(user)) is not None]


def finder(permission: Permission, call: Callable[["User", str], str | None], *, order: int = 100) -> None:
    """Add an answer to the search box: `call(user, text)` is the address of what the text names, or None."""
    _finders.append(Supplier(permission, call, order))


def find(user: "User", text: str, permissions: Iterable[Permission]) -> str | None:
    """The address of what the text names, among what this user may see."""
    held = set(permissions)
    for supplier in sorted((s for s in _finders if s.permission in held), key=lambda supplier: supplier.order):
        if address := supplier.call(user, text):
            return str(address)
    return None


def business_date(call: Callable[[], dt.date | None]) -> None:
    """Say where the shell learns the business date from."""
    _business_date[:] = [call]


def current_business_date() -> dt.date | None:
    """The business date, where an app supplies it."""
    return _business_date[0]() if _business_date else None


def walls_from(call: Callable[[Any, "User"], Any]) -> None:
    """Say who knows which customers somebody may see: `call(requests, user)` answers with the requests about those."""
    _walls[:] = [call]


def within_walls(requests: Any, user: "User") -> Any:
    """The requests about customers whom the user may see, or about none."""
    return _walls[0](requests, user) if _walls else requests


def products_from(call: Callable[[], Sequence[tuple[str, str]]]) -> None:
    """Say where the authority matrix learns from what products there are: pairs of code and name."""
    _products[:] = [call]


def products() -> Sequence[tuple[str, str]]:
    """The code and name of every product, where an app supplies them."""
    return _products[0]() if _products else ()
