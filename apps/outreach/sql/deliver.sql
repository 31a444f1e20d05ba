-- Notes down what became of a batch of messages; what is null stays as it was.
UPDATE outreach_message AS message
SET decision_id = coalesce(result.decision_id, message.decision_id),
    status = result.status,
    scheduled_at = coalesce(result.scheduled_at, message.scheduled_at),
    sent_at = result.sent_at,
    attempts = result.attempts,
    provider = coalesce(result.provider, message.provider),
    provider_reference = coalesce(result.provider_reference, message.provider_reference),
    error = coalesce(result.error, message.error)
FROM unnest(
    %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::smallint[],
    %s::text[], %s::text[], %s::text[]
) AS result (
    id, decision_id, status, scheduled_at, sent_at, attempts, provider, provider_reference, error
)
WHERE message.id = result.id;
