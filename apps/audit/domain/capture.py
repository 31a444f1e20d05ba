"""Writes the trigger function that captures what happens to one table, as SQL text."""

from dataclasses import dataclass

from apps.audit.domain import texts
from apps.audit.domain.texts import Form

ROOM = 60_000  # bytes of a leaf that its values may fill; 65,535 is the limit of the format


@dataclass(frozen=True)
class Column:
    """A column; `personal` values enter the leaf as commitments, `secret` ones are kept nowhere at all."""

    name: str
    form: Form
    personal: bool = False
    secret: bool = False
    unbounded: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `subject` is the SQL prefix and column that name the person whose values its personal columns hold."""

    name: str
    object_type: str
    key: str
    columns: tuple[Column, ...]
    subject_type: str = ""
    subject_column: str = ""

    @property
    def function(self) -> str:
        """The name of its trigger function, without the schema."""
        return f"capture_{self.name}"

    @property
    def room(self) -> int:
        """Bytes that one unbounded value may take in a leaf."""
        unbounded = sum(column.unbounded and not column.personal for column in self.columns)
        return ROOM // (2 * max(unbounded, 1))


SIDES = {
    "I": (False, True, "new_rows AS n"),
    "U": (True, True, "old_rows AS o FULL JOIN new_rows AS n ON o.{key} = n.{key}"),
    "D": (True, False, "old_rows AS o"),
}


# Evaluated once a statement. Written into the SQL rather than kept in variables of the function, because a statement
# without variables is planned once a connection instead of five times or more.
THIS_OPERATION = "(SELECT nullif(current_setting('audit.op', true), '')::bigint)"
THIS_MOMENT = "(SELECT clock_timestamp())"
THIS_ROLE = "(SELECT CASE WHEN nullif(current_setting('audit.op', true), '') IS NULL THEN session_user::text END)"


def function_body(table: Table) -> str:
    """The body of the trigger function, PL/pgSQL without its quotes."""
    return f"""
BEGIN
    IF TG_OP = 'INSERT' THEN
{_capture(table, "I")}
    ELSIF TG_OP = 'UPDATE' THEN
{_capture(table, "U")}
    ELSIF TG_OP = 'DELETE' THEN
{_capture(table, "D")}
    ELSE
        {INSERT_CHANGE}        VALUES (nextval('audit.seq'), pg_current_xact_id(), 'T', {THIS_MOMENT}, {THIS_OPERATION},
            '{table.object_type}', '', '{{}}', {THIS_ROLE});
    END IF;
    RETURN NULL;
END
"""


def function_options(table: Table) -> tuple[str, ...]:
    """Settings that hold while the function runs."""
    options = ["search_path=pg_catalog, pg_temp"]
    if any(column.form == Form.RANGE for column in table.columns):
        options += ["DateStyle=ISO, YMD", "TimeZone=UTC"]
    return tuple(options)


def install_function(table: Table) -> str:
    """The statement that creates or replaces the function."""
    settings = " ".join(f"SET {name} = {value}" for name, value in (o.split("=", 1) for o in function_options(table)))
    return (
        f'CREATE OR REPLACE FUNCTION audit."{table.function}"() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER '
        f"{settings} AS $audit${function_body(table)}$audit$"
    )


TRIGGERS = {
    "audit_capture_insert": "AFTER INSERT ON {table} REFERENCING NEW TABLE AS new_rows",
    "audit_capture_update": "AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "audit_capture_delete": "AFTER DELETE ON {table} REFERENCING OLD TABLE AS old_rows",
    "audit_capture_truncate": "AFTER TRUNCATE ON {table}",
}
APPEND_ONLY = "audit_append_only"


def install_trigger(table: str, function: str, name: str) -> tuple[str, str]:
    """The statements that create one trigger and keep it firing whatever the session's replication role."""
    event = TRIGGERS.get(name, "BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}").format(table=f'public."{table}"')
    return (
        f'CREATE TRIGGER {name} {event} FOR EACH STATEMENT EXECUTE FUNCTION audit."{function}"()',
        f'ALTER TABLE public."{table}" ENABLE ALWAYS TRIGGER {name}',
    )


@dataclass(frozen=True)
class Rows:
    """What a statement touched, as the capturing query reads it: the row before, the row after, or both."""

    table: Table
    kind: str
    before: str = 'o."{}"'
    after: str = 'n."{}"'

    @property
    def source(self) -> str:
        """The transition tables, joined where there are two; a FULL join is never planned as a nested loop."""
        return SIDES[self.kind][2].format(key=f'"{self.table.key}"')

    def old(self, name: str) -> str:
        """The column before, empty where there is none."""
        return self.before.format(name) if SIDES[self.kind][0] else ""

    def new(self, name: str) -> str:
        """The column after, empty where there is none."""
        return self.after.format(name) if SIDES[self.kind][1] else ""

    def either(self, name: str) -> str:
        """The column after, or before where the row is gone."""
        sides = [side for side in (self.new(name), self.old(name)) if side]
        return sides[0] if len(sides) == 1 else f"coalesce({', '.join(sides)})"

    @property
    def change_kind(self) -> str:
        """`I`, `U` or `D`; an update that moves the key is the end of one row and the start of another."""
        if self.kind != "U":
            return f"'{self.kind}'"
        key = self.table.key
        return f"CASE WHEN {self.old(key)} IS NULL THEN 'I' WHEN {self.new(key)} IS NULL THEN 'D' ELSE 'U' END"

    @property
    def diff(self) -> str:
        """The members of the diff, each with a leading comma."""
        columns = sorted(self.table.columns, key=lambda column: column.name)
        return texts.concatenated([self._difference(column) for column in columns])

    def _difference(self, column: Column) -> str:
        old, new = self.old(column.name), self.new(column.name)
        pair = f"""',"{column.name}":[' || {self._shown(column, old)} || ',' || {self._shown(column, new)} || ']'"""
        if column.personal or column.secret:
            pair = pair.replace(":['", ':{"c":[\'', 1).removesuffix("']'") + "']}'"
        return f"CASE WHEN {self.differs(column)} THEN {pair} ELSE '' END"

    def differs(self, column: Column) -> str:
        """Whether the statement changed the column."""
        old, new = self.old(column.name), self.new(column.name)
        return f"{old} IS DISTINCT FROM {new}" if old and new else f"{old or new} IS NOT NULL"

    def _shown(self, column: Column, side: str) -> str:
        if not side:
            return "'null'"
        text = texts.WRITERS[column.form](side)
        if column.secret:
            return texts.commitment("gen_random_uuid()::text", text)
        if column.personal:
            side = "old" if side == self.old(column.name) else "new"
            return texts.commitment(f'r."salt_{column.name}"', f'r."{side}_{column.name}"')
        if column.unbounded:
            text = _fitted(column, side, self.table.room)
        return f"coalesce({text}, 'null')"


def _fitted(column: Column, side: str, room: int) -> str:
    """The value's text, or its length and digest where it is too long for a leaf; short texts are not even measured."""
    text = texts.WRITERS[column.form](side)
    fitted = f"audit.fitted({text}, {room})"
    if column.form == Form.TEXT:  # in JSON two quotes, and six bytes for one at most
        return f"CASE WHEN octet_length({side}) <= {(room - 2) // 6} THEN {text} ELSE {fitted} END"
    return fitted


INSERT_CHANGE = (
    "INSERT INTO audit.change (seq, xid, kind, recorded_at, op_seq, object_type, object_id, diff, db_role)\n"
)


def _capture(table: Table, kind: str) -> str:
    personal = [column for column in table.columns if column.personal and not column.secret]
    return _with_personal(table, kind, personal) if personal else _plain(table, kind)


def _changed(kind: str, rows: str) -> str:
    """The rows that have a diff, which only an update may lack; OFFSET 0 keeps it from being computed twice."""
    return f"({rows} OFFSET 0) AS c\n        WHERE c.diff <> ''" if kind == "U" else f"({rows}) AS c"


def _plain(table: Table, kind: str) -> str:
    rows = Rows(table, kind)
    changed = f"""
            SELECT {rows.change_kind} AS kind, {rows.either(table.key)}::text AS id,
                {rows.diff} AS diff
            FROM {rows.source}
        """  # noqa: S608 - the names are our models' own
    return f"""        {INSERT_CHANGE}        SELECT nextval('audit.seq'), pg_current_xact_id(), c.kind, {THIS_MOMENT},
            {THIS_OPERATION}, '{table.object_type}', c.id, '{{' || substr(c.diff, 2) || '}}', {THIS_ROLE}
        FROM {_changed(kind, changed)};"""  # noqa: S608 - the names are our models' own


def _with_personal(table: Table, kind: str, personal: list[Column]) -> str:
    read, rows = Rows(table, kind), Rows(table, kind, 'r."o_{}"', 'r."n_{}"')
    carried = [
        *(f'{read.old(c.name)} AS "o_{c.name}"' for c in table.columns if read.old(c.name)),
        *(f'{read.new(c.name)} AS "n_{c.name}"' for c in table.columns if read.new(c.name)),
        *(text for column in personal for text in _personal(column, read)),
    ]
    values = ",\n            ".join(
        f'(\'{c.name}\', c."salt_{c.name}", c."old_{c.name}", c."new_{c.name}")' for c in personal
    )
    kept = ", ".join(f'r."{name}_{column.name}"' for column in personal for name in ("salt", "old", "new"))
    changed = f"""
                SELECT {rows.change_kind} AS kind, {rows.either(table.key)}::text AS id,
                '{table.subject_type}:' || {rows.either(table.subject_column or table.key)} AS subject,
                {kept},
                {rows.diff} AS diff
                FROM (
                    SELECT {", ".join(carried)}
                    FROM {read.source} OFFSET 0
                ) AS r
            """  # noqa: S608 - the names are our models' own
    return f"""        WITH secret AS MATERIALIZED (
            SELECT gen_random_uuid()::text AS of_statement
        ), c AS MATERIALIZED (
            SELECT nextval('audit.seq') AS seq, {THIS_MOMENT} AS moment, c.* FROM {_changed(kind, changed)}
        ), written AS (
            {INSERT_CHANGE}            SELECT c.seq, pg_current_xact_id(), c.kind, c.moment, {THIS_OPERATION},
                '{table.object_type}', c.id, '{{' || substr(c.diff, 2) || '}}', {THIS_ROLE}
            FROM c
        )
        INSERT INTO audit.personal (change_seq, recorded_at, field, subject, salt, old, new)
        SELECT c.seq, c.moment, f.field, coalesce(c.subject, ''), f.salt, f.old, f.new
        FROM c CROSS JOIN LATERAL (VALUES
            {values}
        ) AS f(field, salt, old, new)
        WHERE f.salt IS NOT NULL;"""  # noqa: S608 - the names are our models' own


def _personal(column: Column, rows: Rows) -> tuple[str, str, str]:
    """The salt of a personal column's change and the texts on both sides of it, null where it did not change.

    Salts are digests of a random number that is drawn once a statement and kept nowhere, of the row and of the column:
    to draw a number for each costs several times as much, and one salt tells nothing about another.
    """
    key = rows.either(rows.table.key)
    drawn = "(SELECT of_statement FROM secret)"
    salt = f"encode(substr(sha256(convert_to({drawn} || '{column.name}:' || {key}, 'UTF8')), 1, 16), 'hex')"
    sides = [
        (name, texts.WRITERS[column.form](side) if side else "NULL::text")
        for name, side in (("old", rows.old(column.name)), ("new", rows.new(column.name)))
    ]
    old, new = (f'CASE WHEN {rows.differs(column)} THEN {text} END AS "{name}_{column.name}"' for name, text in sides)
    return f'CASE WHEN {rows.differs(column)} THEN {salt} END AS "salt_{column.name}"', old, new
