-- The book's own functions; installed again whenever their text differs from this file.

-- Refuses what may not happen to rows that are append-only; a statement trigger, so that it is loud on no rows too.
-- Personal values alone may be deleted, by audit.erase in its own transaction, and personal columns alone emptied, by the
-- functions that are made for it: nobody but the owner, as whom these run, may delete or update such rows at all.
CREATE OR REPLACE FUNCTION audit.refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $audit$
BEGIN
    IF (TG_OP = 'DELETE' AND TG_TABLE_SCHEMA = 'audit' AND TG_TABLE_NAME = 'personal'
            OR TG_OP = 'UPDATE' AND TG_TABLE_SCHEMA = 'public')
        AND current_setting('audit.erasing', true) = pg_current_xact_id()::text THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '%.% is append-only: % is refused', TG_TABLE_SCHEMA, TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END
$audit$;

-- Makes the monthly partitions that cover both dates and everything between. A month of which rows already lie in
-- the default partition stays there: nothing is moved, because nothing in the book is ever deleted.
CREATE OR REPLACE FUNCTION audit.ensure_partitions(first_day date, last_day date) RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
DECLARE
    book text;
    part text;
    month date;
    made integer := 0;
BEGIN
    IF last_day > first_day + 3700 THEN
        RAISE EXCEPTION 'partitions are made for ten years at most';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('audit.ensure_partitions'));
    FOREACH book IN ARRAY ARRAY['operation', 'change', 'personal'] LOOP
        FOR month IN SELECT generate_series(date_trunc('month', first_day), last_day, interval '1 month') LOOP
            part := book || to_char(month, '_YYYY_MM');
            CONTINUE WHEN to_regclass('audit.' || part) IS NOT NULL;
            BEGIN
                EXECUTE format(
                    'CREATE TABLE audit.%I PARTITION OF audit.%I FOR VALUES FROM (%L) TO (%L)',
                    part, book, month || ' 00:00:00+00', (month + interval '1 month')::date || ' 00:00:00+00');
                made := made + 1;
            EXCEPTION WHEN check_violation THEN
                RAISE WARNING 'rows of % are in audit.%_default and stay there', to_char(month, 'YYYY-MM'), book;
            END;
        END LOOP;
    END LOOP;
    PERFORM audit.guard_partitions();
    RETURN made;
END
$audit$;

-- Puts the append-only trigger on the book's tables and on each of their partitions: it is not inherited.
CREATE OR REPLACE FUNCTION audit.guard_partitions() RETURNS integer LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
DECLARE
    part regclass;
    guarded integer := 0;
BEGIN
    FOR part IN
        SELECT c.oid FROM pg_class c
        WHERE c.relnamespace = 'audit'::regnamespace AND c.relkind IN ('r', 'p')
            AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'audit_append_only')
    LOOP
        EXECUTE format(
            'CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s '
            'FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse_change()', part);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER audit_append_only', part);
        guarded := guarded + 1;
    END LOOP;
    RETURN guarded;
END
$audit$;

-- The envelope of one operation; the only way into the book for the runtime role. A null number draws a new one.
CREATE OR REPLACE FUNCTION audit.record(
    number bigint, parent bigint, at timestamptz, attempt integer, action text, decision text, actor text,
    acting_role text, on_behalf_of text, authority text, policy_version text, reason text, request_id text,
    address text, channel text, object_type text, object_id text, sentence text, detail text
) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
BEGIN
    number := coalesce(number, nextval('audit.seq'));
    INSERT INTO audit.operation (
        seq, parent_seq, xid, at, recorded_at, attempt, action, decision, actor, acting_role, on_behalf_of, authority,
        policy_version, reason, request_id, address, channel, object_type, object_id, sentence, detail, db_role
    ) VALUES (
        number, parent, pg_current_xact_id(), at, clock_timestamp(), attempt, action, decision, actor, acting_role,
        on_behalf_of, authority, policy_version, reason, request_id, address, channel, object_type, object_id,
        sentence, detail, session_user
    );
    RETURN number;
END
$audit$;

-- The functions below set no search path, so that the planner can inline them; our triggers call them under theirs.

-- A moment as the canonical text writes it, whatever the session's time zone.
CREATE OR REPLACE FUNCTION audit.moment(moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $audit$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$audit$;

-- RFC 8785 text of a JSON value, restricted: whole numbers within 2^53-1 are numbers, every other number is a string.
-- Keys are ordered by UTF-16 units: the replacement lifts U+E000..U+FFFF above the supplementary planes.
CREATE OR REPLACE FUNCTION audit.canonical(value jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $audit$
BEGIN
    CASE jsonb_typeof(value)
        WHEN 'object' THEN
            RETURN (
                SELECT '{' || coalesce(string_agg(to_json(key)::text || ':' || audit.item(item), ','
                    ORDER BY CASE WHEN octet_length(key) = length(key) THEN key
                        ELSE regexp_replace(key, '([\uE000-\uFFFF])', U&'\+10FFFF' || '\1', 'g') END COLLATE "C"), '') || '}'
                FROM jsonb_each(value) AS each(key, item)
            );
        WHEN 'array' THEN
            RETURN (
                SELECT '[' || coalesce(string_agg(audit.item(item), ',' ORDER BY position), '') || ']'
                FROM jsonb_array_elements(value) WITH ORDINALITY AS elements(item, position)
            );
        WHEN 'number' THEN
            IF value::numeric = trunc(value::numeric) AND abs(value::numeric) <= 9007199254740991 THEN
                RETURN trunc(value::numeric)::text;
            END IF;
            RETURN '"' || trim_scale(value::numeric)::text || '"';
        ELSE
            RETURN value::text;
    END CASE;
END
$audit$;

-- The same for what is inside an object or an array. Inlined, so that a call of the function above is spared wherever
-- PostgreSQL's own text is what RFC 8785 wants: strings, flags, null and whole numbers that are surely within 2^53-1.
CREATE OR REPLACE FUNCTION audit.item(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $audit$
    SELECT CASE
        WHEN jsonb_typeof(value) IN ('string', 'boolean', 'null') THEN value::text
        WHEN jsonb_typeof(value) = 'number' AND value::text ~ '^-?\d{1,15}$' THEN value::text
        ELSE audit.canonical(value)
    END
$audit$;

-- A canonical value, or its length and SHA-256 where it is longer than a leaf has room for. In PL/pgSQL because the
-- planner does not inline what uses a costly argument twice, and an SQL function that is called costs ten times as much.
CREATE OR REPLACE FUNCTION audit.fitted(value text, room integer) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $audit$
BEGIN
    IF octet_length(value) <= room THEN
        RETURN value;
    END IF;
    RETURN '{"bytes":' || octet_length(value) || ',"sha256":"' || encode(sha256(convert_to(value, 'UTF8')), 'hex') || '"}';
END
$audit$;

-- The leaf of an operation: what is exported, and what a seal will cover.
CREATE OR REPLACE FUNCTION audit.leaf(o audit.operation) RETURNS text LANGUAGE sql STABLE AS $audit$
    SELECT '{"acting_role":' || to_json(o.acting_role)::text || ',"action":' || to_json(o.action)::text
        || ',"actor":' || to_json(o.actor)::text || ',"address":' || to_json(o.address)::text
        || ',"at":"' || audit.moment(o.at) || '","attempt":' || o.attempt
        || ',"authority":' || to_json(o.authority)::text || ',"channel":' || to_json(o.channel)::text
        || ',"db_role":' || to_json(o.db_role)::text || ',"decision":' || to_json(o.decision)::text
        || ',"detail":' || o.detail || ',"object_id":' || to_json(o.object_id)::text
        || ',"object_type":' || to_json(o.object_type)::text || ',"on_behalf_of":' || to_json(o.on_behalf_of)::text
        || ',"parent_seq":' || coalesce('"' || o.parent_seq || '"', 'null')
        || ',"policy_version":' || to_json(o.policy_version)::text || ',"reason":' || to_json(o.reason)::text
        || ',"recorded_at":"' || audit.moment(o.recorded_at) || '","request_id":' || to_json(o.request_id)::text
        || ',"sentence":' || to_json(o.sentence)::text || ',"seq":"' || o.seq
        || '","type":"operation","v":' || o.v || ',"xid":"' || o.xid || '"}'
$audit$;

-- The leaf of a change.
CREATE OR REPLACE FUNCTION audit.leaf(c audit.change) RETURNS text LANGUAGE sql STABLE AS $audit$
    SELECT '{"db_role":' || coalesce(to_json(c.db_role)::text, 'null') || ',"diff":' || c.diff
        || ',"kind":"' || c.kind || '","object_id":' || to_json(c.object_id)::text
        || ',"object_type":' || to_json(c.object_type)::text || ',"op_seq":' || coalesce('"' || c.op_seq || '"', 'null')
        || ',"recorded_at":"' || audit.moment(c.recorded_at) || '","seq":"' || c.seq
        || '","type":"change","v":' || c.v || ',"xid":"' || c.xid || '"}'
$audit$;

-- Enters a batch with the nodes that it completed: the only way in for the sealer. It must follow the last one without a gap.
CREATE OR REPLACE FUNCTION audit.seal(
    number bigint, cluster bigint, above_seq bigint, low bigint, high bigint, members bigint[], first_leaf bigint,
    leaves bigint, hashes bytea, edge bytea, root bytea, sealed_at timestamptz, levels smallint[], indexes bigint[],
    roots bytea[]
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
DECLARE
    growing integer := (SELECT max(b.number) FROM audit.book AS b);
    last audit.sealed_batch;
BEGIN
    SELECT * INTO last FROM audit.sealed_batch AS b WHERE b.book = growing ORDER BY b.number DESC LIMIT 1;
    IF number <> coalesce(last.number, 0) + 1 OR first_leaf <> coalesce(last.first_leaf + last.leaves, 0) THEN
        RAISE EXCEPTION 'batch % does not follow the last one', number USING ERRCODE = 'restrict_violation';
    END IF;
    INSERT INTO audit.sealed_batch VALUES (
        number, cluster, above_seq, low, high, members, first_leaf, leaves, hashes, edge, root, sealed_at, growing);
    INSERT INTO audit.sealed_node SELECT found.*, growing FROM unnest(levels, indexes, roots) AS found;
END
$audit$;

-- Keeps a signed checkpoint; one for each size of the tree.
CREATE OR REPLACE FUNCTION audit.publish(size bigint, note text, signed_at timestamptz) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
BEGIN
    INSERT INTO audit.signed_checkpoint SELECT size, note, signed_at, max(b.number) FROM audit.book AS b;
END
$audit$;

-- Deletes the personal values of a subject from beside the trail and says so; the leaves keep their commitments. Inside an
-- operation and with a ticket alone. Returns how many values are gone.
CREATE OR REPLACE FUNCTION audit.erase(subject text, ticket text, erased_at timestamptz) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
DECLARE
    operation bigint := nullif(current_setting('audit.op', true), '')::bigint;
    gone bigint;
BEGIN
    IF operation IS NULL THEN
        RAISE EXCEPTION 'personal values are erased by an operation alone' USING ERRCODE = 'restrict_violation';
    END IF;
    PERFORM set_config('audit.erasing', pg_current_xact_id()::text, true);
    DELETE FROM audit.personal AS p WHERE p.subject = erase.subject;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('audit.erasing', '', true);
    INSERT INTO audit.erasure VALUES (operation, subject, ticket, gone, erased_at);
    RETURN gone;
END
$audit$;

-- The personal values that lie beside some changes, with their salts: in an operation alone, and by an approved request for
-- exactly this, whoever calls it. What was erased is not there.
CREATE OR REPLACE FUNCTION audit.reveal(ticket text, numbers bigint[]) RETURNS TABLE (
    change_seq bigint, field text, salt text, old text, new text
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
BEGIN
    IF coalesce(current_setting('audit.op', true), '') = '' THEN
        RAISE EXCEPTION 'personal values are revealed by an operation alone' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM public.access_approvalrequest AS r
        WHERE r.reference = ticket AND r.action = 'trail.export_clear' AND r.status = 'approved') THEN
        RAISE EXCEPTION '% is no approved request to reveal personal values', ticket USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN QUERY SELECT p.change_seq, p.field, p.salt, p.old, p.new FROM audit.personal AS p
        WHERE p.change_seq = any(numbers) ORDER BY p.change_seq, p.field;
END
$audit$;

-- How many personal values of a subject are kept beside the trail; not what they are.
CREATE OR REPLACE FUNCTION audit.personal_values(subject text) RETURNS bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
    SELECT count(*) FROM audit.personal AS p WHERE p.subject = $1
$audit$;

-- Keeps a co-signature under a checkpoint of the tree that grows.
CREATE OR REPLACE FUNCTION audit.cosign(
    size bigint, name text, line text, signed_at timestamptz, received_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
BEGIN
    INSERT INTO audit.cosignature SELECT max(b.number), size, name, line, signed_at, received_at FROM audit.book AS b;
END
$audit$;

-- Enters a change of the schema as an operation of its own. Left out: temporary tables, and what audit_verify compares with
-- what should be there, which every migration installs again: privileges and the book's own functions.
CREATE OR REPLACE FUNCTION audit.note_ddl() RETURNS event_trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $audit$
DECLARE
    tags text[];
    types text[];
    names text[];
BEGIN
    IF TG_EVENT = 'sql_drop' THEN
        SELECT array_agg(TG_TAG), array_agg(object_type), array_agg(object_identity) INTO tags, types, names
        FROM pg_event_trigger_dropped_objects() WHERE original AND NOT is_temporary;
    ELSE
        SELECT array_agg(command_tag), array_agg(object_type), array_agg(object_identity) INTO tags, types, names
        FROM (SELECT DISTINCT command_tag, object_type, object_identity FROM pg_event_trigger_ddl_commands()
            WHERE schema_name IS DISTINCT FROM 'pg_temp' AND command_tag NOT IN ('GRANT', 'REVOKE')
                AND NOT (command_tag = 'CREATE FUNCTION' AND schema_name = 'audit')) AS commands;
    END IF;
    INSERT INTO audit.operation (
        seq, parent_seq, xid, at, recorded_at, attempt, action, decision, actor, acting_role, on_behalf_of, authority,
        policy_version, reason, request_id, address, channel, object_type, object_id, sentence, detail, db_role
    )
    SELECT nextval('audit.seq'), NULL, pg_current_xact_id(), clock_timestamp(), clock_timestamp(), 1, 'trail.ddl', 'allow',
        'db:' || session_user, '', '', '', '', '', '', '',
        CASE WHEN nullif(current_setting('audit.op', true), '') IS NULL THEN 'shell' ELSE 'migration' END,
        'database.' || kind, name, tag || ' ' || name,
        '{"command":' || to_json(tag)::text || ',"name":' || to_json(name)::text
            || ',"op":' || coalesce('"' || nullif(current_setting('audit.op', true), '') || '"', 'null')
            || ',"type":' || to_json(kind)::text || '}', session_user
    FROM unnest(tags, types, names) AS changed(tag, kind, name);
END
$audit$;
