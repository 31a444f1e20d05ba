-- The first transaction from low on that wrote an event, and the first one that may still write one: the oldest under way
-- that is not seen in another database of the cluster, else the next to come. The snapshot is taken before the others
-- are looked at, so that whoever ends meanwhile holds the sealer back, but never slips behind it. So the second may be
-- lower than it was; the third, the next transaction of the cluster, never is, save after a restore.
SELECT least(
    (SELECT min(xid::text::bigint) FROM audit.operation WHERE xid::text::bigint >= %(low)s AND seq > %(above)s),
    (SELECT min(xid::text::bigint) FROM audit.change WHERE xid::text::bigint >= %(low)s AND seq > %(above)s)
), coalesce(
    (SELECT min(under_way::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS under_way
      WHERE NOT EXISTS (
          SELECT FROM pg_stat_activity AS a
          WHERE a.backend_xid = under_way::xid AND a.datname <> current_database())),
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint
), pg_snapshot_xmax(pg_current_snapshot())::text::bigint
