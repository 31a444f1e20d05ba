-- The channels on which something may go out by now; one look at the index for each.
SELECT channel
FROM unnest(%(channels)s::text[]) AS channel
WHERE EXISTS (
    SELECT FROM outreach_message AS message
    WHERE message.status = 'planned' AND message.channel = channel.channel AND message.scheduled_at <= %(at)s
);
