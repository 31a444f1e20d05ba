-- The contacts of these customers in a window: calls made, messages sent and, where they count too, messages queued.
-- One statement for a whole batch; the caps of the gate count over what it answers. Joined rather than compared with
-- the list, so that no plan runs down the list for every row.
WITH asked AS (SELECT DISTINCT unnest(%(customers)s::bigint[]) AS customer_id)
SELECT customer_id, 'call' AS channel, called_at AS at, contact_point_id, was_connected, id
FROM asked JOIN outreach_callattempt USING (customer_id)
WHERE called_at >= %(since)s AND called_at < %(until)s
UNION ALL
SELECT customer_id, channel, coalesce(sent_at, scheduled_at), contact_point_id, NULL, id
FROM asked JOIN outreach_message USING (customer_id)
WHERE status = ANY(%(statuses)s)
    AND coalesce(sent_at, scheduled_at) >= %(since)s AND coalesce(sent_at, scheduled_at) < %(until)s
ORDER BY customer_id, at, id;
