-- The operations of a month taken out of the book that rows which stay still name: those of a transaction that ended later.
WITH gone AS (SELECT seq, xid FROM audit.operation_{month}),
last AS (SELECT max(xid::text::bigint) AS xid FROM gone)
SELECT c.op_seq FROM audit.change AS c JOIN gone ON gone.seq = c.op_seq WHERE c.xid::text::bigint <= (SELECT xid FROM last)
UNION
SELECT o.parent_seq FROM audit.operation AS o JOIN gone ON gone.seq = o.parent_seq
WHERE o.xid::text::bigint <= (SELECT xid FROM last)
ORDER BY 1
