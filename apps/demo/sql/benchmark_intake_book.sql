-- A book for the intake of repayments to be measured on: one bill a customer; three in ten are in three instalments with a fee,
-- one in twenty is late when the money comes. Nothing was paid yet. Promises: the ledger says what accounts, bills and
-- instalments say; the same size, the same book. `benchmark_line` holds who pays what.
create table benchmark_bill as
select g as id, abs(hashint8(g)) %% 100 < 30 as in_parts, abs(hashint8(g + 1000003)) %% 100 < 5 as late,
       (abs(hashint8(g + 2000003)) %% 20 + 1) * 60.00 as principal, abs(hashint8(g + 3000017)) %% 20 as jitter
  from generate_series(1, %(customers)s::bigint) g;

insert into bills_product (id, code, name, currency, mode) values (1, 'deferred', 'Deferred payment', 'CNY', 'order');
insert into bills_productterms
  (id, product_id, version, effective_date, deferred_days, monthly_fee_rate, late_fee_daily_rate, late_fee_daily_floor, waterfall)
values (1, 1, 1, '2000-01-01', 30, 0.005, 0.0005, 0.01, '{cost,late_fee,instalment_fee,principal}');
insert into bills_bill
  (id, reference, customer_id, terms_id, issued_date, principal, instalment_fee, open_principal, open_instalment_fee,
   open_late_fee, open_cost, late_fee_accrued, late_fee_posted)
select id, 'B-' || id, id, 1, case when late then %(date)s::date - 36 - jitter / 2 else %(date)s::date - 3 - jitter end,
       principal, fee, principal, fee, 0, 0, 0, 0
  from (select *, case when in_parts then 3 * round(principal * 0.005, 2) else 0 end as fee from benchmark_bill) b;
insert into bills_instalment (bill_id, customer_id, number, due_date, amount, fee, open_amount)
select b.id, b.customer_id, n.number, d.due_date, n.amount, n.fee, n.amount
  from bills_bill b
  join benchmark_bill x on x.id = b.id
 cross join lateral (
   select number, b.principal / 3 + round(b.principal * 0.005, 2) as amount, round(b.principal * 0.005, 2) as fee
     from generate_series(1, 3) number where x.in_parts
   union all select 1, b.principal, 0 where not x.in_parts
 ) n
 cross join lateral (
   select case when x.in_parts then (b.issued_date + n.number * interval '1 month')::date else b.issued_date + 30 end as due_date
 ) d
 order by b.id, n.number;
insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at)
select b.customer_id, b.id, part.component, 'charge', part.amount, b.issued_date, %(at)s
  from bills_bill b
 cross join lateral (values ('principal', b.principal), ('instalment_fee', b.instalment_fee)) part (component, amount)
 where part.amount > 0
 order by b.id, part.component;
insert into bills_account (customer_id, currency, balance, credit_balance, bucket, latest_date)
select customer_id, 'CNY', principal + instalment_fee, 0, 'M0', issued_date from bills_bill order by customer_id;

create table benchmark_line as
select row_number() over (order by hashint8(b.id)) as place, b.id as customer_id,
       case when c.chance < 75 then i.amount
            when c.chance < 90 then round(i.amount * (c.chance - 70) / 25, 2)
            else b.principal + b.instalment_fee + 10 end as amount
  from bills_bill b
  join bills_instalment i on i.bill_id = b.id and i.number = 1
 cross join lateral (select abs(hashint8(b.id + 4000037)) %% 100 as chance) c;
drop table benchmark_bill
