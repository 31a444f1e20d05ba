-- The numbers of the events that no batch of any tree holds, told by their leaves' hashes and not by their transactions, in order.
-- Events from above this number alone, which are all that the last restore left to be sealed.
WITH sealed AS (
    SELECT substring(b.hashes FROM (32 * leaf + 1)::integer FOR 32) AS hash
    FROM audit.sealed_batch AS b, generate_series(0, b.leaves - 1) AS leaf
    WHERE b.above_seq >= %(above)s AND b.members IS NULL
),
events AS (
    SELECT o.seq, audit.leaf(o) AS leaf FROM audit.operation AS o WHERE o.seq > %(above)s
    UNION ALL
    SELECT c.seq, audit.leaf(c) FROM audit.change AS c WHERE c.seq > %(above)s
)
SELECT seq FROM events
WHERE sha256('\x00'::bytea || convert_to(leaf, 'UTF8')) NOT IN (SELECT hash FROM sealed)
ORDER BY seq
