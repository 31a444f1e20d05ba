-- Waits until every transaction that drew a number of the book has ended, and keeps the next from drawing one until this
-- transaction ends: whatever is numbered afterwards is written afterwards.
ALTER SEQUENCE audit.seq OWNED BY NONE
