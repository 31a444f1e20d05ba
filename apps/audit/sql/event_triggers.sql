-- The event triggers of this database: name, event, whether it always fires, the function and its schema.
SELECT e.evtname::text, e.evtevent::text, e.evtenabled = 'A' AND e.evttags IS NULL, n.nspname || '.' || p.proname
FROM pg_event_trigger AS e JOIN pg_proc AS p ON p.oid = e.evtfoid JOIN pg_namespace AS n ON n.oid = p.pronamespace
