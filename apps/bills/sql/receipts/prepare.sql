-- The tables of one chunk: what was booked of it, what of that is plain, and which share takes what; gone with the transaction.
create temporary table if not exists taken (
  repayment_id bigint primary key, customer_id bigint, bill_id bigint, amount numeric(14, 2), received_date date
) on commit drop;
create temporary table if not exists plain (
  repayment_id bigint primary key, customer_id bigint, bill_id bigint, amount numeric(14, 2), received_date date
) on commit drop;
create temporary table if not exists allotted (
  repayment_id bigint, customer_id bigint, received_date date, bill_id bigint, instalment_id bigint,
  principal numeric(14, 2), fee numeric(14, 2)
) on commit drop;
truncate taken, plain, allotted
