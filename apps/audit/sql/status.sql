-- The events of the book and those written outside every operation; the leaves that are sealed; when the oldest event that
-- is not was recorded, null where there is none; when the tree was signed last.
WITH last AS (SELECT high, above_seq FROM audit.batch ORDER BY number DESC LIMIT 1),
beyond AS (SELECT coalesce(max(high), 0) AS high, coalesce(max(above_seq), 0) AS above_seq FROM last)
SELECT (SELECT count(*) FROM audit.operation) + (SELECT count(*) FROM audit.change),
    (SELECT count(*) FROM audit.change WHERE op_seq IS NULL),
    (SELECT coalesce(sum(size), 0)::bigint FROM audit.book AS k, LATERAL (
        SELECT first_leaf + leaves AS size FROM audit.sealed_batch AS b WHERE b.book = k.number ORDER BY b.number DESC LIMIT 1
    ) AS tree),
    least(
        (SELECT min(o.recorded_at) FROM audit.operation AS o, beyond
          WHERE o.xid::text::bigint >= beyond.high AND o.seq > beyond.above_seq),
        (SELECT min(c.recorded_at) FROM audit.change AS c, beyond
          WHERE c.xid::text::bigint >= beyond.high AND c.seq > beyond.above_seq)
    ),
    (SELECT signed_at FROM audit.checkpoint ORDER BY size DESC LIMIT 1)
