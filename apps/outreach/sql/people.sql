-- What the outbox needs to know of these customers.
SELECT id, reference, language, time_zone
FROM customers_customer
WHERE id = ANY(%(customers)s);
