from django.db import migrations

from apps.core.sql import load

BACK = """
DROP VIEW audit.batch, audit.node, audit.checkpoint, audit.shown_book;
ALTER TABLE audit.sealed_batch DROP COLUMN book, ADD CONSTRAINT batch_pkey PRIMARY KEY (number);
ALTER TABLE audit.sealed_node DROP COLUMN book, ADD CONSTRAINT node_pkey PRIMARY KEY (level, index);
ALTER TABLE audit.signed_checkpoint DROP COLUMN book, ADD CONSTRAINT checkpoint_pkey PRIMARY KEY (size);
ALTER TABLE audit.sealed_batch RENAME TO batch;
ALTER TABLE audit.sealed_node RENAME TO node;
ALTER TABLE audit.signed_checkpoint RENAME TO checkpoint;
CREATE INDEX batch_first_leaf ON audit.batch (first_leaf);
ALTER TABLE audit.book DROP COLUMN number, DROP COLUMN begun_at, DROP COLUMN old_origin, DROP COLUMN old_size, DROP COLUMN old_root;
DROP INDEX audit.operation_transaction, audit.change_transaction;
CREATE INDEX operation_transaction ON audit.operation USING brin ((xid::text::bigint)) WITH (pages_per_range = 16, autosummarize = on);
CREATE INDEX change_transaction ON audit.change USING brin ((xid::text::bigint)) WITH (pages_per_range = 16, autosummarize = on);
"""


class Migration(migrations.Migration):
    dependencies = (("audit", "0005_verifications"),)

    operations = (migrations.RunSQL(load("audit", "origins"), BACK),)
