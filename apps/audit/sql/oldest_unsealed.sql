-- When the oldest event was recorded that lies beyond the last batch; null where every event is sealed.
SELECT least(
    (SELECT min(recorded_at) FROM audit.operation WHERE xid::text::bigint >= %(high)s AND seq > %(above)s),
    (SELECT min(recorded_at) FROM audit.change WHERE xid::text::bigint >= %(high)s AND seq > %(above)s)
)
