"""One transaction, one operation in the book; a refusal is kept although the attempt is rolled back."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from apps.audit import registry
from apps.audit.actions.transactions import Opening
from apps.audit.domain import canonical
from apps.audit.domain.envelope import Decision
from apps.core import sql, texts
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused

ObjectKey = tuple[str, str]
BELONGING = "SELECT set_config('audit.op',"  # whose the changes are from now on


@dataclass
class OpenOperation:
    """An operation under way; what is only known at its end is set on it before it ends."""

    action: str
    by: Actor
    at: dt.datetime
    on: models.Model | ObjectKey | None = None
    reason: str = ""
    authority: str = ""
    policy_version: str = ""
    on_behalf_of: str = ""
    decision: Decision = Decision.ALLOW
    sentence: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    nothing_happened: bool = False  # set where a repeated call found its work done: no entry is made
    parent: "OpenOperation | None" = None
    using: str = DEFAULT_DB_ALIAS
    refused_parts: "list[OpenOperation]" = field(default_factory=list)
    opening: Opening | None = None
    number: int | None = None

    @property
    def seq(self) -> int | None:
        """Its number in the book, drawn with the first statement or when asked for; none of one that is undone."""
        if self.number is None and self.opening is not None:
            self.number = self.opening.begin()
        return self.number

    @property
    def object_key(self) -> ObjectKey:
        """The type and key of the object acted on, both empty where there is none."""
        if self.on is None:
            return "", ""
        if isinstance(self.on, models.Model):
            return self.on._meta.label_lower, "" if self.on.pk is None else str(self.on.pk)
        return self.on

    def ended(self, decision: Decision, sentence: str, detail: dict[str, Any]) -> "OpenOperation":
        """The same operation as one that did not happen."""
        self.decision, self.sentence, self.detail = decision, sentence, detail
        self.number = self.opening = None
        return self

    def enter_now(self) -> int:
        """Enter the envelope of the outermost before its end, where it must be read at once; returns its number."""
        number = self.seq
        assert number is not None
        with connections[self.using].cursor() as cursor:
            cursor.execute(_envelope(self))
        self.nothing_happened = True  # its end has nothing to add
        return number


_current: ContextVar[OpenOperation | None] = ContextVar("whiteslip_audit_operation", default=None)


@contextmanager
def operation(
    action: str,
    *,
    by: Actor,
    at: dt.datetime,
    on: models.Model | ObjectKey | None = None,
    reason: str = "",
    authority: str = "",
    policy_version: str = "",
    on_behalf_of: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> Iterator[OpenOperation]:
    """Run a block as one transaction and one entry of the book.

    Inside another operation it becomes a part of it, in the same transaction. The outermost must not run inside a
    transaction of somebody else: what it records must not be undone behind its back. `Refused` undoes the block and is
    recorded as a denial, any other exception as an error, once, for the outermost; then it is raised again.
    """
    outer = _current.get()
    op = OpenOperation(action, by, at, on, reason, authority, policy_version, on_behalf_of, parent=outer, using=using)
    token = _current.set(op)
    try:
        with transaction.atomic(using=using, durable=outer is None):
            if outer is None and Opening.is_possible(connections[using]):
                op.opening = Opening(connections[using])
                with op.opening.attending():
                    yield op
                    _end(op)
            else:
                op.number = Opening.draw(connections[using])
                yield op
                _end(op)
    except Refused as refusal:
        _current.reset(token)
        denied = op.ended(Decision.DENY, refusal.sentence, {"refusal": refusal.code})
        if outer is None:
            _write_alone(denied)
            refusal.is_recorded = True
        else:
            outer.refused_parts.append(denied)
        raise
    except Exception as error:
        _current.reset(token)
        if outer is None:
            _write_alone(op.ended(Decision.ERROR, "", {"error": type(error).__name__}))
        raise
    except BaseException:  # somebody stops the process: nothing more is entered, but nobody inherits this operation
        _current.reset(token)
        raise
    else:
        _current.reset(token)


def record(
    action: str,
    *,
    by: Actor,
    at: dt.datetime,
    on: models.Model | ObjectKey | None = None,
    reason: str = "",
    authority: str = "",
    policy_version: str = "",
    on_behalf_of: str = "",
    decision: Decision = Decision.ALLOW,
    sentence: str = "",
    detail: dict[str, Any] | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> int:
    """Enter an operation that changes no row, such as a log-in, a denial or a reveal; returns its number.

    It commits at once, or with the operation that it is a part of.
    """
    outer = _current.get()
    op = OpenOperation(
        action,
        by,
        at,
        on,
        reason,
        authority,
        policy_version,
        on_behalf_of,
        decision,
        sentence,
        detail or {},
        parent=outer,
        using=using,
    )
    return _write_alone(op)


def _end(op: OpenOperation) -> None:
    for part in op.refused_parts:
        _write(part)
    if not op.nothing_happened:
        _write(op)
    elif op.parent:
        _belong_to(op.parent)


def _belong_to(op: OpenOperation) -> None:
    with connections[op.using].cursor() as cursor:
        cursor.execute(f"{BELONGING} '{op.seq}', true)")


def _write_alone(op: OpenOperation) -> int:
    connection = connections[op.using]
    if op.parent is None and connection.get_autocommit():
        return _write(op)  # a statement is a transaction
    with transaction.atomic(using=op.using, durable=op.parent is None):
        return _write(op)


def _write(op: OpenOperation) -> int:
    """Enter the envelope; that of an operation which opened the transaction ends it too."""
    if op.opening:
        op.number = op.opening.end(_envelope(op))
        return op.number
    outer = op.parent.seq if op.parent else None
    with connections[op.using].cursor() as cursor:
        cursor.execute(f"{_envelope(op)}; {BELONGING} '{outer or ''}', true)")
        return int(cursor.fetchone()[0])


def _envelope(op: OpenOperation) -> str:
    """The statement that enters the envelope."""
    context = registry.current()
    object_type, object_id = op.object_key
    said = texts.origin(op.sentence)
    detail = op.detail | {"said": said} if said else op.detail
    outer = op.parent.seq if op.parent else None
    number = op.opening.number if op.opening else op.number
    values = (
        number, outer, op.at, context.attempt, op.action, op.decision.value, op.by.actor_id, op.by.acting_role,
        op.on_behalf_of, op.authority, op.policy_version, op.reason, context.request_id, context.address,
        context.channel.value, object_type, object_id, texts.english(op.sentence), canonical.dumps(detail),
    )  # fmt: skip
    return sql.filled(sql.load("audit", "record"), values, using=op.using)
