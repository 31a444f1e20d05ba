-- The events recorded since a moment.
SELECT (SELECT count(*) FROM audit.operation WHERE recorded_at >= %(since)s)
    + (SELECT count(*) FROM audit.change WHERE recorded_at >= %(since)s)
