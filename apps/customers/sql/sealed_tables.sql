-- Where sealed rows wait for their INSERT: no COPY goes into a table with walls. Gone with the transaction.
drop table if exists pg_temp.sealed_customers, pg_temp.sealed_points;
create temporary table sealed_customers (
  place bigint generated always as identity, reference text, name text, name_grams integer[], identity text, identity_index uuid,
  language text, time_zone text, joined_date date, profile text
) on commit drop;
create temporary table sealed_points (
  place bigint generated always as identity, customer_id bigint, kind text, value text, value_index uuid, consented_date date
) on commit drop
