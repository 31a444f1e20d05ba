-- What a month's partitions hold: events, changes that no operation accounts for, and personal values beside the trail.
SELECT (SELECT count(*) FROM audit.operation_{month}) + (SELECT count(*) FROM audit.change_{month}),
    (SELECT count(*) FROM audit.change_{month} WHERE op_seq IS NULL),
    (SELECT count(*) FROM audit.personal_{month})
