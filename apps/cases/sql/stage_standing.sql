-- The working tables of the close's steps: they stay as long as the connection and are empty when a transaction begins.
create temporary table if not exists cases_concerned (customer_id bigint primary key) on commit delete rows;
create temporary table if not exists cases_standing (
  customer_id bigint primary key, overdue_amount numeric(14, 2), balance numeric(14, 2)
) on commit delete rows;
delete from cases_concerned;
delete from cases_standing;
