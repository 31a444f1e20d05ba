-- The number, transaction and leaf of the events of these numbers, in their order.
SELECT seq, xid, leaf FROM (
    SELECT o.seq, o.xid::text::bigint AS xid, audit.leaf(o) AS leaf FROM audit.operation AS o WHERE o.seq = any(%(members)s)
    UNION ALL
    SELECT c.seq, c.xid::text::bigint, audit.leaf(c) FROM audit.change AS c WHERE c.seq = any(%(members)s)
) AS events
ORDER BY array_position(%(members)s, seq)
