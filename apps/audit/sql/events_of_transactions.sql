-- The number, transaction and leaf of every event of some transactions, in the order in which a batch takes them.
SELECT seq, xid, leaf FROM (
    SELECT o.seq, o.xid::text::bigint AS xid, audit.leaf(o) AS leaf FROM audit.operation AS o
    WHERE o.xid::text::bigint >= %(low)s AND o.xid::text::bigint < %(high)s AND o.seq > %(above)s
    UNION ALL
    SELECT c.seq, c.xid::text::bigint, audit.leaf(c) FROM audit.change AS c
    WHERE c.xid::text::bigint >= %(low)s AND c.xid::text::bigint < %(high)s AND c.seq > %(above)s
) AS events
ORDER BY seq
