"""One transaction, one entry; what is refused is kept."""

import datetime as dt
import json
from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from apps.access.models import Team, User
from apps.audit import actions as audit
from apps.audit import registry
from apps.audit.domain.envelope import Channel, Context, Decision
from apps.audit.models import Change, Operation
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def book() -> list[tuple[str, str]]:
    """What the book says after the migration's own entries."""
    found = Operation.objects.exclude(channel="migration").order_by("seq")
    return [(operation.action, operation.decision) for operation in found]


def team(code: str = "east") -> Team:
    return Team.objects.create(code=code, name="The east")


def refuse() -> None:
    with audit.operation("teams.add", by=BY, at=AT):
        team()
        raise Refused("There is a team of that name.", code="team_exists")


def test_an_operation_and_its_changes_share_one_number_and_one_transaction(db: None) -> None:
    with audit.operation("teams.add", by=BY, at=AT, reason="a new floor", authority="rule:teams@3") as op:
        op.on = added = team()
        op.sentence, op.detail = "Added the east.", {"size": 0}

    operation, change = Operation.objects.get(action="teams.add"), Change.objects.get(op_seq=op.seq)
    assert (operation.action, operation.decision, operation.actor) == ("teams.add", "allow", "system:test")
    assert (operation.acting_role, operation.at, operation.reason) == ("system", AT, "a new floor")
    assert (operation.object_type, operation.object_id) == ("access.team", str(added.pk))
    assert (operation.authority, operation.sentence, operation.detail) == (
        "rule:teams@3",
        "Added the east.",
        '{"size":0}',
    )
    assert operation.db_role == "whiteslip_app"
    assert json.loads(change.diff) == {
        "code": [None, "east"], "id": [None, str(added.pk)], "name": [None, "The east"],
        "products": [None, []],
    }  # fmt: skip
    assert change.db_role is None


def test_a_change_outside_every_operation_says_which_database_role_wrote_it(db: None) -> None:
    team()

    change = Change.objects.latest("seq")
    assert (change.op_seq, change.db_role, change.object_type) == (None, "whiteslip_app", "access.team")


def test_a_change_after_an_operation_is_not_taken_for_a_part_of_it(db: None) -> None:
    with audit.operation("teams.add", by=BY, at=AT) as op:
        team("in")
    team("after")

    assert [change.op_seq for change in Change.objects.order_by("seq")][-2:] == [op.seq, None]


def test_a_refusal_survives_the_rollback_it_causes(fresh_database: str) -> None:
    with pytest.raises(Refused, match="team of that name"):
        refuse()

    operation = Operation.objects.get(action="teams.add")
    assert not Team.objects.exists()
    assert not Change.objects.filter(object_type="access.team").exists()
    assert (operation.decision, operation.sentence) == ("deny", "There is a team of that name.")
    assert operation.detail == '{"refusal":"team_exists"}'


def test_a_refusal_deep_inside_is_recorded_once_for_the_outermost(fresh_database: str) -> None:
    with pytest.raises(Refused), audit.operation("floors.open", by=BY, at=AT):
        refuse()

    assert book() == [("floors.open", "deny")]


def test_a_refused_part_that_the_whole_survives_is_kept_as_its_part(fresh_database: str) -> None:
    with audit.operation("floors.open", by=BY, at=AT) as op:
        with pytest.raises(Refused):
            refuse()
        kept = team("west")

    part, whole = Operation.objects.exclude(channel="migration").order_by("action").reverse()
    assert (part.decision, part.parent_seq, whole.decision, whole.seq) == ("deny", op.seq, "allow", op.seq)
    assert Change.objects.get(object_type="access.team", object_id=str(kept.pk)).op_seq == op.seq
    assert [found.code for found in Team.objects.all()] == ["west"]


def test_an_error_is_recorded_by_its_kind_and_raised_again(fresh_database: str) -> None:
    with pytest.raises(ZeroDivisionError), audit.operation("teams.add", by=BY, at=AT):
        _ = team().pk / 0

    operation = Operation.objects.get(action="teams.add")
    assert (operation.decision, operation.detail) == ("error", '{"error":"ZeroDivisionError"}')
    assert not Team.objects.exists()


def test_nothing_is_taken_for_a_part_of_an_operation_that_was_interrupted(fresh_database: str) -> None:
    with suppress(KeyboardInterrupt), audit.operation("teams.add", by=BY, at=AT):
        team()
        raise KeyboardInterrupt

    with audit.operation("teams.count", by=BY, at=AT):
        pass

    assert book() == [("teams.count", "allow")]
    assert Operation.objects.get(action="teams.count").parent_seq is None
    assert not Team.objects.exists()


def test_a_lack_of_permission_is_a_denial_too(fresh_database: str) -> None:
    with pytest.raises(Forbidden), audit.operation("teams.add", by=BY, at=AT):
        raise Forbidden("Only a manager adds teams.")

    assert book() == [("teams.add", "deny")]


def test_where_a_refusal_cannot_be_written_the_request_fails(fresh_database: str) -> None:
    with pytest.raises(DatabaseError), audit.operation("teams.add", by=BY, at=AT):
        raise Refused("A text with a \0 cannot be stored.")


def test_a_part_has_a_number_of_its_own_and_the_whole_goes_on_after_it(db: None) -> None:
    with audit.operation("floors.open", by=BY, at=AT) as whole:
        with audit.operation("teams.add", by=BY, at=AT) as part:
            inner = team("in")
        outer = team("out")

    assert Operation.objects.get(action="teams.add").parent_seq == whole.seq
    owners = dict(Change.objects.filter(object_type="access.team").values_list("object_id", "op_seq"))
    assert owners == {str(inner.pk): part.seq, str(outer.pk): whole.seq}


def test_an_operation_does_not_hide_in_somebody_elses_transaction(fresh_database: str) -> None:
    with (
        pytest.raises(RuntimeError, match="durable"),
        transaction.atomic(),
        audit.operation("teams.add", by=BY, at=AT),
    ):
        team()


def test_hooks_run_once_the_operation_is_committed(fresh_database: str) -> None:
    seen: list[bool] = []
    with audit.operation("teams.add", by=BY, at=AT):
        team()
        transaction.on_commit(lambda: seen.append(connection.get_autocommit() and Team.objects.exists()))

    assert seen == [True]


def test_work_found_done_leaves_no_entry(db: None) -> None:
    with audit.operation("teams.add", by=BY, at=AT) as op:
        op.nothing_happened = True

    assert book() == []


def test_an_entry_without_changes_can_be_made_alone(fresh_database: str) -> None:
    number = audit.record("access.log_in", by=BY, at=AT, decision=Decision.DENY, detail={"why": "password"})

    assert Operation.objects.get(action="access.log_in").seq == number
    assert book() == [("access.log_in", "deny")]


def test_an_operation_carries_where_it_came_from(db: None) -> None:
    with registry.entered(Context("r-1", "10.0.0.7", Channel.API, 2)):
        with registry.job("outreach.send", task_id="t-1", attempt=3), audit.operation("in", by=BY, at=AT):
            pass
        with audit.operation("out", by=BY, at=AT):
            pass

    found = Operation.objects.filter(action__in=("in", "out")).order_by("seq")
    assert [(o.request_id, o.address, o.channel, o.attempt) for o in found] == [
        ("outreach.send:t-1", "", "job", 3),
        ("r-1", "10.0.0.7", "api", 2),
    ]


def test_a_nested_context_gives_way_to_the_outer_one() -> None:
    with registry.shell("demo") as outer:
        with registry.job("send"):
            pass
        assert registry.current() == outer
    assert registry.current() == Context()


def test_personal_values_never_stand_in_the_book(db: None) -> None:
    with audit.operation("staff.add", by=BY, at=AT) as op:
        user = User.objects.create(username="wu", name="Wu Secret", password="hash-of-it", created_at=AT)
        User.objects.filter(pk=user.pk).update(name="Wu Other")

    texts = Change.objects.filter(op_seq=op.seq).order_by("seq").values_list("diff", flat=True)
    added, renamed = (json.loads(text) for text in texts)
    assert not any(word in text for text in texts for word in ("Wu", "Secret", "Other", "hash-of-it"))
    assert added["password"]["c"][0] is None
    assert len(added["password"]["c"][1]) == 64
    assert list(renamed) == ["name"]
    assert len({*renamed["name"]["c"], added["name"]["c"][1]}) == 3  # a salt for each change
