-- The events recorded between two moments in the order of their numbers: flat columns, then the leaf.
SELECT * FROM (
    SELECT o.seq, 'operation' AS type, audit.moment(o.recorded_at) AS recorded_at, audit.moment(o.at) AS at, o.parent_seq,
        o.action, o.decision, o.actor, o.acting_role, o.on_behalf_of, o.authority, o.policy_version, o.reason,
        o.request_id, o.attempt, o.address, o.channel, o.object_type, o.object_id, NULL::text AS kind, o.sentence,
        o.db_role, audit.leaf(o) AS leaf
    FROM audit.operation AS o WHERE o.recorded_at >= %(start)s AND o.recorded_at < %(end)s
    UNION ALL
    SELECT c.seq, 'change', audit.moment(c.recorded_at), NULL, c.op_seq,
        NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
        NULL, NULL, NULL, NULL, c.object_type, c.object_id, c.kind::text, NULL,
        c.db_role, audit.leaf(c)
    FROM audit.change AS c WHERE c.recorded_at >= %(start)s AND c.recorded_at < %(end)s
) AS events
ORDER BY seq
