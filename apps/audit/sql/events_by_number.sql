-- The number, transaction and leaf of the events of these numbers, in their order.
SELECT seq, xid, leaf FROM unnest(%(members)s::bigint[]) WITH ORDINALITY AS listed(seq, place) JOIN (
    SELECT o.seq, o.xid::text::bigint AS xid, audit.leaf(o) AS leaf FROM audit.operation AS o WHERE o.seq = any(%(members)s)
    UNION ALL
    SELECT c.seq, c.xid::text::bigint, audit.leaf(c) FROM audit.change AS c WHERE c.seq = any(%(members)s)
) AS events USING (seq)
ORDER BY place
