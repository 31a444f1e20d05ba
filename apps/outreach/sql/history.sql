-- The contacts of these customers in a window: calls made, messages sent and, where they count too, messages queued.
-- One statement for a whole batch; the caps of the gate count over what it answers.
SELECT customer_id, 'call' AS channel, called_at AS at, contact_point_id, was_connected, id
FROM outreach_callattempt
WHERE customer_id = ANY(%(customers)s) AND called_at >= %(since)s AND called_at < %(until)s
UNION ALL
SELECT customer_id, channel, coalesce(sent_at, scheduled_at), contact_point_id, NULL, id
FROM outreach_message
WHERE customer_id = ANY(%(customers)s)
    AND status = ANY(%(statuses)s)
    AND coalesce(sent_at, scheduled_at) >= %(since)s AND coalesce(sent_at, scheduled_at) < %(until)s
ORDER BY customer_id, at, id;
