-- Brings instalments, bills and accounts of the benchmark's book in line with a day's repayments.
update bills_instalment i set open_amount = 0, met_date = d.paid_date
  from benchmark_due d
 where d.paid_date = %(date)s and i.bill_id = d.bill_id and i.number = d.number;
update bills_bill b
   set open_principal = b.open_principal - d.share, open_instalment_fee = b.open_instalment_fee - d.fee,
       late_fee_accrued = d.late_fee, late_fee_posted = round(d.late_fee, 2),
       accrued_through_date = case when d.late_fee > 0 then d.paid_date end,
       settled_date = case when b.open_principal = d.share then d.paid_date end
  from benchmark_due d
 where d.paid_date = %(date)s and b.id = d.bill_id;
update bills_account a set balance = a.balance - paid.amount, latest_date = %(date)s
  from (select customer_id, sum(share + fee) as amount from benchmark_due where paid_date = %(date)s group by customer_id) paid
 where paid.customer_id = a.customer_id;
