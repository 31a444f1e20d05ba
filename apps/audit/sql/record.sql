-- Enters an envelope and makes the enclosing operation, if any, the one that changes belong to again.
SELECT audit.record(
    %s::bigint, %s::bigint, %s, %s::integer, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text,
    %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text, %s::text
), set_config('audit.op', %s::text, true)
