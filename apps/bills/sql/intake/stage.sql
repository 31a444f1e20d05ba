-- What an import keeps beside its staged rows: the refusals, and what the rows refer to; gone with the transaction.
set local client_min_messages = warning;
drop table if exists pg_temp.refusal, pg_temp.refused_price, pg_temp.staged_share, pg_temp.staged_terms, pg_temp.referred_customer,
  pg_temp.referred_purchase, pg_temp.referred_bill, pg_temp.staged_products, pg_temp.staged_customers,
  pg_temp.staged_credit_lines, pg_temp.staged_purchases, pg_temp.staged_bills, pg_temp.staged_repayments,
  pg_temp.staged_refunds, pg_temp.staged_receipts;
create temporary table refusal (file text, row bigint, column_name text, code text, value text) on commit drop;
create temporary table staged_share (
  bill text, number integer, due_date date, amount numeric(14, 2), fee numeric(14, 2)
) on commit drop;
create temporary table refused_price (
  terms bigint, instalments integer, purchased_date date, column_name text, code text, value text
) on commit drop;
