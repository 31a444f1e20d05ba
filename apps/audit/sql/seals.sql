-- The seals of the book: batches of events in the order in which they entered the tree, the tree's nodes, and what was
-- signed. Rows are never changed; they enter through audit.seal and audit.publish alone.

-- Which book this is: checkpoints of a book that was begun anew are never taken for this one's.
CREATE TABLE audit.book (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);
INSERT INTO audit.book DEFAULT VALUES;

-- The events of the transactions from low until before high whose numbers are above above_seq, by number. Those of a
-- batch that a restore made necessary are listed. hashes: the leaves' hashes; edge: the roots of the tree's complete parts,
-- the largest first.
CREATE TABLE audit.batch (
    number bigint PRIMARY KEY,
    cluster bigint NOT NULL,
    above_seq bigint NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL CHECK (low <= high),
    members bigint[],
    first_leaf bigint NOT NULL,
    leaves bigint NOT NULL CHECK (leaves > 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 32 * leaves),
    edge bytea NOT NULL,
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    sealed_at timestamptz NOT NULL
);

ALTER TABLE audit.batch ALTER hashes SET STORAGE EXTERNAL;
CREATE INDEX batch_first_leaf ON audit.batch (first_leaf);

-- The root of 256^level leaves, for every level above the leaves; index counts them from the first leaf.
CREATE TABLE audit.node (
    level smallint NOT NULL,
    index bigint NOT NULL,
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    PRIMARY KEY (level, index)
);

CREATE TABLE audit.checkpoint (
    size bigint PRIMARY KEY,
    note text NOT NULL,
    signed_at timestamptz NOT NULL
);

-- Transactions come nearly in order, so a range of blocks is found by the smallest and largest number in it.
CREATE INDEX operation_transaction ON audit.operation USING brin ((xid::text::bigint))
    WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX change_transaction ON audit.change USING brin ((xid::text::bigint))
    WITH (pages_per_range = 16, autosummarize = on);
