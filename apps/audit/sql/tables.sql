-- The book: operations and the changes they made, one sequence for both, partitioned by the month in which the
-- database recorded them. No foreign keys: the book never interferes with live data, and live data never with it.
-- A row outside every month made ahead falls into the default partition, so that no business write ever fails for it.
CREATE SCHEMA audit;
CREATE SEQUENCE audit.seq AS bigint;

CREATE TABLE audit.operation (
    seq bigint NOT NULL,
    parent_seq bigint,
    xid xid8 NOT NULL,
    v smallint NOT NULL DEFAULT 1,
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    attempt integer NOT NULL,
    action text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('allow', 'deny', 'error', 'n/a')),
    actor text NOT NULL CHECK (actor <> ''),
    acting_role text NOT NULL,
    on_behalf_of text NOT NULL,
    authority text NOT NULL,
    policy_version text NOT NULL,
    reason text NOT NULL,
    request_id text NOT NULL,
    address text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('web', 'api', 'job', 'shell', 'migration')),
    object_type text NOT NULL,
    object_id text NOT NULL,
    sentence text NOT NULL,
    detail text NOT NULL,
    db_role text NOT NULL,
    PRIMARY KEY (seq, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE audit.operation_default PARTITION OF audit.operation DEFAULT;
CREATE INDEX operation_object ON audit.operation (object_type, object_id, seq);
CREATE INDEX operation_actor ON audit.operation (actor, seq);
CREATE INDEX operation_action ON audit.operation (action, seq);
CREATE INDEX operation_request ON audit.operation (request_id);

CREATE TABLE audit.change (
    seq bigint NOT NULL,
    xid xid8 NOT NULL,
    v smallint NOT NULL DEFAULT 1,
    kind char(1) NOT NULL,
    recorded_at timestamptz NOT NULL,
    op_seq bigint,
    object_type text NOT NULL,
    object_id text NOT NULL,
    diff text NOT NULL,
    db_role text,
    PRIMARY KEY (seq, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE audit.change_default PARTITION OF audit.change DEFAULT;
CREATE INDEX change_object ON audit.change (object_id);  -- narrow: few tables share a key, many rows are written
CREATE INDEX change_operation ON audit.change (op_seq);

-- The values of personal columns, apart from the book, so that they can be erased while every leaf still verifies.
-- A commitment in the leaf is the hex SHA-256 of the salt followed by the value's canonical JSON, in UTF-8.
CREATE TABLE audit.personal (
    change_seq bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    field text NOT NULL,
    subject text NOT NULL,
    salt text NOT NULL,
    old text,
    new text,
    PRIMARY KEY (change_seq, field, recorded_at)
) PARTITION BY RANGE (recorded_at);
CREATE TABLE audit.personal_default PARTITION OF audit.personal DEFAULT;
CREATE INDEX personal_subject ON audit.personal (subject);
