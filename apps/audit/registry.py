"""Where the work at hand comes from, which every operation carries, and the words in which the trail is read."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from apps.audit.domain.envelope import Channel, Context

_current: ContextVar[Context | None] = ContextVar("whiteslip_audit_context", default=None)


def current() -> Context:
    """The context that holds now; outside every door, a bare shell."""
    return _current.get() or Context()


@contextmanager
def entered(context: Context) -> Iterator[Context]:
    """Work inside a context; the outer one holds again afterwards."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


_words: dict[str, str] = {}


def words(columns: Mapping[str, str]) -> None:
    """Say in which kind of words a column's values are shown: `{"bills.debit.status": "debit"}`."""
    _words.update(columns)


def words_of(object_type: str, column: str) -> str | None:
    """The kind of words for the values of a column of that kind of object."""
    return _words.get(f"{object_type}.{column}")


Opener = Callable[[str, str, str, str], str | None]  # object type, object id, field, the value as it was kept
_opener: list[Opener] = []


def opener(call: Opener) -> None:
    """Say how a value that lies sealed is opened, for exports in clear; None where it is not, or does not open."""
    _opener[:] = [call]


def opened(object_type: str, object_id: str, field: str, value: str | None) -> str | None:
    """The value in the clear, where it is sealed and opens."""
    return _opener[0](object_type, object_id, field, value) if _opener and value else None


_watcher: ContextVar[Callable[[int], object] | None] = ContextVar("whiteslip_audit_watcher", default=None)


@contextmanager
def watched(by: Callable[[int], object]) -> Iterator[None]:
    """Let somebody know how many leaves a verification inside has looked at."""
    token = _watcher.set(by)
    try:
        yield
    finally:
        _watcher.reset(token)


def reached(leaves: int) -> None:
    """So many leaves were looked at."""
    if watcher := _watcher.get():
        watcher(leaves)


def new_request_id() -> str:
    """An identifier that no other request has."""
    return str(uuid.uuid4())


@contextmanager
def shell(command: str) -> Iterator[Context]:
    """The context of a management command: `with registry.shell("close_day"):`."""
    with entered(Context(request_id=f"{command}:{new_request_id()}", channel=Channel.SHELL)) as context:
        yield context


@contextmanager
def job(task: str, *, task_id: str = "", attempt: int = 1) -> Iterator[Context]:
    """The context of a background task; a retry keeps the task's identifier and raises the attempt."""
    request_id = f"{task}:{task_id or new_request_id()}"
    with entered(Context(request_id=request_id, channel=Channel.JOB, attempt=attempt)) as context:
        yield context


@contextmanager
def migration() -> Iterator[Context]:
    """The context of a change of the schema."""
    with entered(Context(request_id=f"migrate:{new_request_id()}", channel=Channel.MIGRATION)) as context:
        yield context
