-- What a role may do to the tables and sequences of both schemas, columns apart.
SELECT n.nspname, c.relname, c.relkind::text, a.privilege_type
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) AS a
WHERE n.nspname IN ('public', 'audit') AND c.relkind IN ('r', 'p', 'S', 'v', 'm') AND a.grantee = to_regrole(%s)::oid
