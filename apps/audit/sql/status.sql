-- The events of the book, and those written outside every operation.
SELECT (SELECT count(*) FROM audit.operation) + (SELECT count(*) FROM audit.change),
    (SELECT count(*) FROM audit.change WHERE op_seq IS NULL)
