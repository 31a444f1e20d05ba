-- A book for the close to be measured on: four bills a customer, bought over four months and paid before they are due, on the
-- day, some days late or never; one customer in sixteen is late, by anything from a day to nine months. No day is closed yet.
-- Promises: the ledger says what the accounts, bills and instalments say, so that it reconciles; the same size and day, the same book.
create table benchmark_due as
with customer as (
  select g as id,
         case when abs(hashint8(g)) %% 1000 < 60 then 'never' when abs(hashint8(g)) %% 1000 < 90 then 'late' else 'prompt' end as pays,
         abs(hashint8(g + 1000003)) %% 285 - 14 as late_days,
         abs(hashint8(g + 2000003)) %% 30 as jitter
    from generate_series(1, %(customers)s::bigint) g
), bill as (
  select c.id as customer_id, (c.id - 1) * 4 + k as id, c.pays,
         case when c.pays = 'never' then %(date)s::date - c.late_days + 4 * (4 - k) - 30
              else %(date)s::date - c.jitter - 30 * (k - 1) end as issued_date,
         (abs(hashint8(c.id * 4 + k)) %% 20 + 1) * 60.00 as principal,
         case when c.pays = 'prompt' and abs(hashint8(c.id * 4 + k + 3000017)) %% 5 = 0 then 3 else 1 end as instalments,
         abs(hashint8(c.id * 4 + k + 4000037)) as chance
    from customer c cross join generate_series(1, 4) k
), due as (
  select b.*, n.number,
         case when b.instalments = 1 then b.issued_date + 30
              else (b.issued_date + n.number * interval '1 month')::date end as due_date,
         case when b.instalments = 1 then 0.00 else b.principal * 0.005 end as fee,
         b.principal / b.instalments as share
    from bill b cross join lateral generate_series(1, b.instalments) as n (number)
)
select row_number() over (order by customer_id, id, number) as repayment_id, customer_id, id as bill_id, issued_date, principal,
       instalments, number, due_date, round(fee, 2) as fee, round(share, 2) as share,
       case pays
         when 'prompt' then case when instalments = 1 and chance %% 10 < 3 then issued_date + 1 + chance::integer %% 5
                                 else due_date - chance::integer %% 6 end
         when 'late' then due_date + 1 + chance::integer %% 12
       end as paid_date,
       case when pays = 'late'
            then (1 + chance::integer %% 12) * greatest(round(principal * 0.0005, 6), 0.01) else 0 end as late_fee
  from due;
create index on benchmark_due (paid_date);
analyze benchmark_due;

insert into bills_product (id, code, name, currency, mode) values (1, 'deferred', 'Deferred payment', 'CNY', 'order');
insert into bills_productterms
  (id, product_id, version, effective_date, deferred_days, monthly_fee_rate, late_fee_daily_rate, late_fee_daily_floor, waterfall)
values (1, 1, 1, '2000-01-01', 30, 0.005, 0.0005, 0.01, '{cost,late_fee,instalment_fee,principal}');
insert into bills_bill
  (id, reference, customer_id, terms_id, issued_date, principal, instalment_fee, open_principal, open_instalment_fee,
   open_late_fee, open_cost, late_fee_accrued, late_fee_posted, accrued_through_date, settled_date)
select bill_id, 'B-' || bill_id, customer_id, 1, issued_date, principal, sum(fee),
       coalesce(sum(share) filter (where paid_date is null or paid_date > %(date)s), 0),
       coalesce(sum(fee) filter (where paid_date is null or paid_date > %(date)s), 0),
       0, 0,
       coalesce(sum(late_fee) filter (where paid_date <= %(date)s), 0),
       coalesce(round(sum(late_fee) filter (where paid_date <= %(date)s), 2), 0),
       max(paid_date) filter (where late_fee > 0 and paid_date <= %(date)s),
       case when max(coalesce(paid_date, 'infinity')) <= %(date)s then max(paid_date) end
  from benchmark_due group by customer_id, bill_id, issued_date, principal order by bill_id;
insert into bills_instalment (bill_id, customer_id, number, due_date, amount, fee, open_amount, met_date)
select bill_id, customer_id, number, due_date, share + fee, fee,
       case when paid_date <= %(date)s then 0 else share + fee end,
       case when paid_date <= %(date)s then paid_date end
  from benchmark_due order by bill_id, number;
insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at)
select customer_id, id, component, 'charge', amount, issued_date, %(at)s
  from bills_bill, lateral (values ('principal', principal), ('instalment_fee', instalment_fee)) part (component, amount)
 where amount <> 0
 order by id;
insert into bills_account (customer_id, currency, balance, credit_balance, bucket, latest_date)
select customer_id, 'CNY', sum(open_principal + open_instalment_fee + open_late_fee), 0, 'M0',
       greatest(max(issued_date), max(settled_date))
  from bills_bill group by customer_id order by customer_id;
