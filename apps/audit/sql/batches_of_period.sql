-- The first and the last batch among the first so many leaves that hold an event recorded between two moments, or one of
-- a month that left the database and was; null where there is none. Each run of batches above one number is compared with the first and last transaction of its own.
WITH floors AS (
    SELECT above_seq AS floor, lead(above_seq) OVER (ORDER BY above_seq) AS ceiling
    FROM (SELECT DISTINCT above_seq FROM audit.batch) AS known
),
recorded AS (
    SELECT seq, xid::text::bigint AS xid FROM audit.operation WHERE recorded_at >= %(start)s AND recorded_at < %(end)s
    UNION ALL
    SELECT seq, xid::text::bigint FROM audit.change WHERE recorded_at >= %(start)s AND recorded_at < %(end)s
),
spans AS (
    SELECT floor, min(xid) AS first_xid, max(xid) AS last_xid
    FROM recorded JOIN floors ON seq > floor AND (ceiling IS NULL OR seq <= ceiling)
    GROUP BY floor
)
SELECT min(number), max(number)
FROM audit.batch AS b
WHERE first_leaf + b.leaves <= %(size)s AND (CASE
    WHEN members IS NULL THEN EXISTS (SELECT FROM spans AS s WHERE s.floor = b.above_seq AND high > first_xid AND low <= last_xid)
    ELSE EXISTS (SELECT FROM recorded AS r WHERE r.seq = any(b.members))
END OR EXISTS (
    SELECT FROM audit.retired AS r
    WHERE r.book = (SELECT number FROM audit.shown_book) AND r.leaves && int8range(first_leaf, first_leaf + b.leaves)
        AND r.month::timestamp AT TIME ZONE 'UTC' < %(end)s
        AND (r.month + interval '1 month') AT TIME ZONE 'UTC' > %(start)s
))
