-- The first transaction from low on that wrote an event, and the first one that may not have ended yet.
SELECT least(
    (SELECT min(xid::text::bigint) FROM audit.operation WHERE xid::text::bigint >= %(low)s AND seq > %(above)s),
    (SELECT min(xid::text::bigint) FROM audit.change WHERE xid::text::bigint >= %(low)s AND seq > %(above)s)
), pg_snapshot_xmin(pg_current_snapshot())::text::bigint
