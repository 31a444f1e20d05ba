-- Notes which leaves of a tree left the database with a month, on which operation, and for which file.
INSERT INTO audit.retired (book, month, op_seq, leaves, events, referred, file, sha256, retired_at)
VALUES (%s, %s, %s, %s::int8multirange, %s, %s::bigint[], %s, %s, %s)
