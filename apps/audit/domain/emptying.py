"""Writes the function that empties the personal columns of an append-only table, as SQL text."""

from apps.audit.domain.capture import Table
from apps.audit.domain.texts import Form

OPTIONS = ("search_path=pg_catalog, pg_temp",)


def name(table: Table) -> str:
    """The name of the function, without the schema."""
    return f"empty_{table.name}"


def body(table: Table) -> str:
    """The body of the function, PL/pgSQL without its quotes: in an operation alone, and nothing but emptying."""
    columns = [column.name for column in table.columns if column.personal]
    assert all(column.form == Form.TEXT for column in table.columns if column.personal)
    emptied = ", ".join(f"\"{column}\" = ''" for column in columns)
    filled = " OR ".join(f"\"{column}\" <> ''" for column in columns)
    return f"""
DECLARE
    emptied bigint;
BEGIN
    IF coalesce(current_setting('audit.op', true), '') = '' THEN
        RAISE EXCEPTION 'personal columns are emptied by an operation alone' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('audit.erasing', pg_current_xact_id()::text, true);
    UPDATE public."{table.name}" SET {emptied} WHERE "{table.subject_column}" = any(subjects) AND ({filled});
    GET DIAGNOSTICS emptied = ROW_COUNT;
    PERFORM set_config('audit.erasing', '', true);
    RETURN emptied;
END
"""  # noqa: S608 - the names are our models' own


def install(table: Table) -> str:
    """The statement that creates or replaces the function."""
    return (
        f'CREATE OR REPLACE FUNCTION audit."{name(table)}"(subjects bigint[]) RETURNS bigint LANGUAGE plpgsql '
        f"SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit${body(table)}$audit$"
    )
