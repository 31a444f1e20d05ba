-- The hashes of the leaves from first until before the end, in their order, in pieces as the batches hold them.
SELECT substring(
    hashes FROM (32 * greatest(%(first)s - first_leaf, 0) + 1)::integer
    FOR (32 * (least(%(end)s, first_leaf + leaves) - greatest(%(first)s, first_leaf)))::integer
)
FROM audit.batch
WHERE first_leaf < %(end)s
    AND first_leaf >= (SELECT max(first_leaf) FROM audit.batch WHERE first_leaf <= %(first)s)
ORDER BY first_leaf
