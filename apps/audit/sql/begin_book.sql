-- Begins a tree whose first leaf will name the last one.
INSERT INTO audit.book (number, begun_at, old_origin, old_size, old_root)
SELECT max(number) + 1, %s::timestamptz, %s, %s::bigint, %s::bytea FROM audit.book
