-- Every action that the book holds, by leaps through the index of actions: as many steps as there are actions.
WITH RECURSIVE leap AS (
    (SELECT action FROM audit.operation ORDER BY action LIMIT 1)
    UNION ALL
    SELECT (SELECT o.action FROM audit.operation AS o WHERE o.action > leap.action ORDER BY o.action LIMIT 1)
    FROM leap WHERE leap.action IS NOT NULL
)
SELECT action FROM leap WHERE action IS NOT NULL
