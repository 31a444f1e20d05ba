-- Every event of some transactions, or of the numbers that are listed, in the order in which a batch takes them: its
-- number, its transaction, whether it was recorded between two moments and is chosen, and its leaf where it is wanted.
SELECT seq, xid, chosen, leaf FROM (
    SELECT o.seq, o.xid::text::bigint AS xid, is_chosen AS chosen,
        CASE WHEN %(all)s OR is_chosen THEN audit.leaf(o) END AS leaf
    FROM audit.operation AS o
    CROSS JOIN LATERAL (SELECT o.recorded_at >= %(start)s AND o.recorded_at < %(end)s AND {operations} AS is_chosen) AS choice
    WHERE {of_operation}
    UNION ALL
    SELECT c.seq, c.xid::text::bigint, is_chosen, CASE WHEN %(all)s OR is_chosen THEN audit.leaf(c) END
    FROM audit.change AS c
    CROSS JOIN LATERAL (SELECT c.recorded_at >= %(start)s AND c.recorded_at < %(end)s AND {changes} AS is_chosen) AS choice
    WHERE {of_change}
) AS events
ORDER BY {place}
