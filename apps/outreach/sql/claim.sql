-- Takes the due messages of a channel that wait longest, each with its customer, so that nobody else sends them or
-- counts beside us until we are done; what somebody else holds is passed over, not waited for.
SELECT message.id, message.reference, message.customer_id, message.address, message.subject, message.body,
    message.due_date, message.planned_at, message.attempts, customer.time_zone, customer.reference, customer.name,
    point.id, point.value, point.is_valid, point.consented_date
FROM outreach_message AS message
JOIN customers_customer AS customer ON customer.id = message.customer_id
LEFT JOIN customers_contactpoint AS point ON point.id = message.contact_point_id
WHERE message.status = 'planned' AND message.channel = %(channel)s AND message.scheduled_at <= %(at)s
ORDER BY message.scheduled_at, message.id
LIMIT %(limit)s
FOR NO KEY UPDATE OF message, customer SKIP LOCKED;
