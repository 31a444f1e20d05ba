-- Adds to a month's roll-up (or takes out of it, with a sign of minus one) what certain customers' bills did between two month-ends:
-- from which bucket to which, empty where a bill was not open yet or is not open any more. Rows are taken in one order, so
-- that partitions side by side wait for each other and never deadlock.
insert into bills_monthrollup as r
  (month_end_date, product_id, from_bucket, to_bucket, bills, balance_before, balance)
with now as (
  select bill_id, bucket, open_principal + open_fees as balance
    from bills_billsnapshot where month_end_date = %(date)s and {whose}
), before as (
  select bill_id, bucket, open_principal + open_fees as balance
    from bills_billsnapshot where month_end_date = %(previous_month_end)s and {whose}
)
select %(date)s, t.product_id, coalesce(before.bucket, ''), coalesce(now.bucket, ''), %(sign)s * count(*),
       %(sign)s * coalesce(sum(before.balance), 0), %(sign)s * coalesce(sum(now.balance), 0)
  from now
  full join before using (bill_id)
  join bills_bill b on b.id = bill_id
  join bills_productterms t on t.id = b.terms_id
 group by 2, 3, 4
 order by 2, 3, 4
    on conflict (month_end_date, product_id, from_bucket, to_bucket) do update
   set bills = r.bills + excluded.bills, balance_before = r.balance_before + excluded.balance_before,
       balance = r.balance + excluded.balance
