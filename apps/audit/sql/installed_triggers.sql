-- Our triggers on business tables and on the book as they are installed.
SELECT n.nspname, c.relname, t.tgname, f.proname, t.tgenabled::text, t.tgtype, t.tgqual IS NULL AND t.tgattr::text = ''
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_proc f ON f.oid = t.tgfoid
WHERE NOT t.tgisinternal AND n.nspname IN ('public', 'audit') AND t.tgname LIKE 'audit\_%'
