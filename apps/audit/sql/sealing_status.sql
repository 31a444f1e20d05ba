-- How far the book is sealed: leaves, the last sealed batch's end, the last checkpoint, and how old the oldest event is
-- that no batch covers (seconds, null where there is none).
WITH last AS (SELECT * FROM audit.batch ORDER BY number DESC LIMIT 1)
SELECT coalesce((SELECT first_leaf + leaves FROM last), 0),
    (SELECT note FROM audit.checkpoint ORDER BY size DESC LIMIT 1),
    (SELECT signed_at FROM audit.checkpoint ORDER BY size DESC LIMIT 1),
    least(
        (SELECT min(recorded_at) FROM audit.operation
          WHERE xid::text::bigint >= coalesce((SELECT high FROM last), 0) AND seq > coalesce((SELECT above_seq FROM last), 0)),
        (SELECT min(recorded_at) FROM audit.change
          WHERE xid::text::bigint >= coalesce((SELECT high FROM last), 0) AND seq > coalesce((SELECT above_seq FROM last), 0))
    )
