-- Who but the owner may do what to the tables, columns and sequences of both schemas.
SELECT coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC')::text, n.nspname, c.relname, a.privilege_type
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) AS a
WHERE n.nspname IN ('public', 'audit') AND c.relkind IN ('r', 'p', 'S', 'v', 'm')
    AND a.grantee <> to_regrole(%(owner)s)::oid
UNION
SELECT coalesce(pg_get_userbyid(nullif(a.grantee, 0)), 'PUBLIC')::text, n.nspname, c.relname, a.privilege_type
FROM pg_attribute t
JOIN pg_class c ON c.oid = t.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(t.attacl) AS a
WHERE n.nspname IN ('public', 'audit') AND a.grantee <> to_regrole(%(owner)s)::oid
ORDER BY 1, 2, 3, 4
