-- Every function of the schema audit as it is installed.
SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.prosrc, p.prosecdef,
    coalesce(p.proconfig, '{}'), pg_get_userbyid(p.proowner)
FROM pg_proc p WHERE p.pronamespace = 'audit'::regnamespace
