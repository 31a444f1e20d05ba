-- The working table of the cases that are in a segment: it stays as long as the connection and is empty when a transaction begins.
create temporary table if not exists cases_segmented (case_id bigint, code text, primary key (case_id, code)) on commit delete rows;
delete from cases_segmented;
