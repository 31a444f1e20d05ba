-- The months of the shown tree that left the database, the oldest first, and where in the tree their events stand.
SELECT month, op_seq, events, file, sha256, retired_at,
    array(SELECT lower(part) FROM unnest(leaves) AS part ORDER BY 1),
    array(SELECT upper(part) FROM unnest(leaves) AS part ORDER BY 1), referred
FROM audit.retired
WHERE book = (SELECT number FROM audit.shown_book)
ORDER BY month
