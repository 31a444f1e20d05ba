-- The contact points of these customers of the kinds that the channels use, the oldest first.
SELECT id, customer_id, kind, value, is_valid, consented_date
FROM customers_contactpoint
WHERE customer_id = ANY(%(customers)s) AND kind = ANY(%(kinds)s)
ORDER BY id;
