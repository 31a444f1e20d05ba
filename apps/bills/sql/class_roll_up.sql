-- Adds to a month's roll-up by class (or takes out of it, with a sign of minus one) certain customers' bills as they stood at the
-- month's end. Rows are taken in one order, so that partitions side by side wait for each other and never deadlock.
insert into bills_classrollup as r
  (month_end_date, product_id, bucket, class_2023, class_card, stage, bills, open_principal, open_fees)
select %(date)s, t.product_id, s.bucket, s.class_2023, s.class_card, s.stage, %(sign)s * count(*),
       %(sign)s * sum(s.open_principal), %(sign)s * sum(s.open_fees)
  from (select * from bills_billsnapshot where month_end_date = %(date)s and {whose}) s
  join bills_bill b on b.id = s.bill_id
  join bills_productterms t on t.id = b.terms_id
 group by 2, 3, 4, 5, 6
 order by 2, 3, 4, 5, 6
    on conflict (month_end_date, product_id, bucket, class_2023, class_card, stage) do update
   set bills = r.bills + excluded.bills, open_principal = r.open_principal + excluded.open_principal,
       open_fees = r.open_fees + excluded.open_fees
