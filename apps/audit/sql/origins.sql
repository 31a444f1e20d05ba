-- More than one tree: a book that was restored to an earlier day, or whose key was lost, is begun anew, and the new tree's first
-- leaf names the old one. The seals of every tree are kept; audit.batch, audit.node and audit.checkpoint show those of the tree that
-- grows, or of the one that the session names by the setting audit.book.
ALTER TABLE audit.book
    ADD number integer NOT NULL DEFAULT 1 UNIQUE,
    ADD begun_at timestamptz,
    ADD old_origin text,
    ADD old_size bigint,
    ADD old_root bytea,
    ADD CONSTRAINT names_the_old_one CHECK (number = 1 OR (old_origin, old_size, old_root, begun_at) IS NOT NULL);
ALTER TABLE audit.book ALTER number DROP DEFAULT;

ALTER TABLE audit.batch RENAME TO sealed_batch;
ALTER TABLE audit.node RENAME TO sealed_node;
ALTER TABLE audit.checkpoint RENAME TO signed_checkpoint;
ALTER TABLE audit.sealed_batch ADD book integer NOT NULL DEFAULT 1;
ALTER TABLE audit.sealed_node ADD book integer NOT NULL DEFAULT 1;
ALTER TABLE audit.signed_checkpoint ADD book integer NOT NULL DEFAULT 1;
ALTER TABLE audit.sealed_batch DROP CONSTRAINT batch_pkey, ADD CONSTRAINT batch_pkey PRIMARY KEY (book, number);
ALTER TABLE audit.sealed_node DROP CONSTRAINT node_pkey, ADD CONSTRAINT node_pkey PRIMARY KEY (book, level, index);
ALTER TABLE audit.signed_checkpoint DROP CONSTRAINT checkpoint_pkey, ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (book, size);
DROP INDEX audit.batch_first_leaf;
CREATE INDEX batch_first_leaf ON audit.sealed_batch (book, first_leaf);

CREATE VIEW audit.shown_book AS
SELECT id, number FROM audit.book
WHERE number = coalesce(nullif(current_setting('audit.book', true), '')::integer, (SELECT max(number) FROM audit.book));

CREATE VIEW audit.batch AS
SELECT number, cluster, above_seq, low, high, members, first_leaf, leaves, hashes, edge, root, sealed_at
FROM audit.sealed_batch WHERE book = (SELECT number FROM audit.shown_book);

CREATE VIEW audit.node AS
SELECT level, index, root FROM audit.sealed_node WHERE book = (SELECT number FROM audit.shown_book);

CREATE VIEW audit.checkpoint AS
SELECT size, note, signed_at FROM audit.signed_checkpoint WHERE book = (SELECT number FROM audit.shown_book);

-- After a restore transactions are counted from below those of the events that are there, so that the number tells them apart.
DROP INDEX audit.operation_transaction, audit.change_transaction;
CREATE INDEX operation_transaction ON audit.operation USING brin ((xid::text::bigint), seq)
    WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX change_transaction ON audit.change USING brin ((xid::text::bigint), seq)
    WITH (pages_per_range = 16, autosummarize = on);
