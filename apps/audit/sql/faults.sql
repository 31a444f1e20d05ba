-- What is wrong with the rows of the book recorded since a moment: the fault, how many rows, the first number.
SELECT 'change_without_envelope', count(*), min(c.seq)
FROM audit.change AS c
LEFT JOIN audit.operation AS o ON o.seq = c.op_seq
WHERE c.op_seq IS NOT NULL AND o.seq IS NULL AND c.recorded_at >= %(since)s
    AND c.op_seq NOT IN (SELECT unnest(referred) FROM audit.retired)
UNION ALL
SELECT 'change_of_another_transaction', count(*), min(c.seq)
FROM audit.change AS c
JOIN audit.operation AS o ON o.seq = c.op_seq
WHERE c.xid <> o.xid AND c.recorded_at >= %(since)s
UNION ALL
SELECT 'unattributed', count(*), min(seq) FROM audit.change WHERE op_seq IS NULL AND recorded_at >= %(since)s
UNION ALL
SELECT 'part_without_whole', count(*), min(p.seq)
FROM audit.operation AS p
LEFT JOIN audit.operation AS o ON o.seq = p.parent_seq
WHERE p.parent_seq IS NOT NULL AND o.seq IS NULL AND p.recorded_at >= %(since)s
    AND p.parent_seq NOT IN (SELECT unnest(referred) FROM audit.retired)
UNION ALL
SELECT 'number_used_twice', count(*), min(seq)
FROM (
    SELECT seq FROM (
        SELECT seq FROM audit.operation WHERE recorded_at >= %(since)s
        UNION ALL
        SELECT seq FROM audit.change WHERE recorded_at >= %(since)s
    ) AS numbers GROUP BY seq HAVING count(*) > 1
) AS twice
