-- The months of the book whose events left the database for verified cold files: where in the tree they stand, which
-- file holds them, and the numbers of their operations that rows of later months still name. The hashes of the leaves stay.
CREATE TABLE audit.retired (
    book integer NOT NULL,
    month date NOT NULL CHECK (month = date_trunc('month', month)),
    op_seq bigint NOT NULL,
    leaves int8multirange NOT NULL,
    events bigint NOT NULL CHECK (events > 0),
    referred bigint[] NOT NULL,
    file text NOT NULL,
    sha256 text NOT NULL,
    retired_at timestamptz NOT NULL,
    PRIMARY KEY (book, month)
);
