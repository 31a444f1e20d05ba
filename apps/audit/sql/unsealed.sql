-- When the first event between two moments was recorded that is not among the first so many leaves; null where all are.
WITH signed AS (
    SELECT coalesce(max(high), 0) AS high, coalesce(max(above_seq), 0) AS above
    FROM (SELECT high, above_seq FROM audit.batch WHERE first_leaf + leaves <= %(size)s ORDER BY number DESC LIMIT 1) AS last
)
SELECT min(recorded_at) FROM (
    SELECT o.recorded_at FROM audit.operation AS o, signed
    WHERE o.xid::text::bigint >= high AND o.seq > above AND o.recorded_at >= %(start)s AND o.recorded_at < %(end)s
    UNION ALL
    SELECT c.recorded_at FROM audit.change AS c, signed
    WHERE c.xid::text::bigint >= high AND c.seq > above AND c.recorded_at >= %(start)s AND c.recorded_at < %(end)s
) AS events
