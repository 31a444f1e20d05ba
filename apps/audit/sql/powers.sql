-- What the application and the auditor must not have: the powers of the owner or of a superuser, or tables of their own.
SELECT rolname::text, 'is a superuser' FROM pg_roles WHERE rolname = ANY(%(roles)s) AND rolsuper
UNION ALL
SELECT rolname::text, 'may act as the owner of the tables' FROM pg_roles
WHERE rolname = ANY(%(roles)s) AND NOT rolsuper AND pg_has_role(rolname, %(owner)s, 'MEMBER')
UNION ALL
SELECT rolname::text, 'bypasses row-level security' FROM pg_roles WHERE rolname = ANY(%(roles)s) AND rolbypassrls
UNION ALL
SELECT DISTINCT pg_get_userbyid(relowner)::text, 'owns tables' FROM pg_class
WHERE relnamespace IN ('public'::regnamespace, 'audit'::regnamespace) AND pg_get_userbyid(relowner) = ANY(%(roles)s)
