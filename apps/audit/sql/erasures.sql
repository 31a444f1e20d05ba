-- What was erased of whom, and on which request. The values themselves are gone; the operation says who agreed.
CREATE TABLE audit.erasure (
    op_seq bigint NOT NULL,
    subject text NOT NULL,
    ticket text NOT NULL CHECK (ticket <> ''),
    "values" bigint NOT NULL,
    erased_at timestamptz NOT NULL,
    PRIMARY KEY (subject, op_seq)
);
