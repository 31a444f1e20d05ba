-- The repayments of the benchmark's book after one day through another, with their entries.
insert into bills_repayment (id, reference, customer_id, bill_id, amount, received_date, channel, remainder, status)
select repayment_id, 'R-' || repayment_id, customer_id, bill_id, share + fee + round(late_fee, 2), paid_date, 'bank', 0, 'booked'
  from benchmark_due where paid_date > %(after)s and paid_date <= %(date)s order by repayment_id;
insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at, repayment_id)
select customer_id, bill_id, part.component, part.kind, part.amount, paid_date, %(at)s,
       case part.kind when 'payment' then repayment_id end
  from benchmark_due, lateral (values
         ('late_fee', 'charge', round(late_fee, 2)), ('late_fee', 'payment', -round(late_fee, 2)),
         ('instalment_fee', 'payment', -fee), ('principal', 'payment', -share)
       ) part (component, kind, amount)
 where paid_date > %(after)s and paid_date <= %(date)s and part.amount <> 0
 order by repayment_id;
