-- Enters a batch and the nodes that it completed.
SELECT audit.seal(
    %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint[], %s::bigint, %s::bigint, %s::bytea, %s::bytea,
    %s::bytea, %s::timestamptz, %s::smallint[], %s::bigint[], %s::bytea[]
)
