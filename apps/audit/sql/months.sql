-- The months that have partitions of their own, the oldest first.
SELECT to_date(substr(relname, 11), 'YYYY_MM') FROM pg_class
WHERE relnamespace = 'audit'::regnamespace AND relispartition AND relname ~ '^operation_\d{4}_\d{2}$'
ORDER BY 1
