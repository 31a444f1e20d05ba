-- Accrues late fees through the day on every late bill of the partition: the daily rate on unpaid principal and
-- instalment fees, to six decimals, never below the floor. A bill accrued through the day is left alone.
with late as (
  select b.id,
         %(date)s::date - greatest(min(i.due_date), coalesce(b.accrued_through_date, min(i.due_date))) as days,
         greatest(
           round((b.open_principal + b.open_instalment_fee) * t.late_fee_daily_rate, 6), t.late_fee_daily_floor
         ) as daily
    from bills_bill b
    join bills_productterms t on t.id = b.terms_id and t.late_fee_daily_rate > 0
    join bills_instalment i on i.bill_id = b.id and i.met_date is null and i.due_date < %(date)s
   where b.settled_date is null
     and b.open_principal + b.open_instalment_fee > 0
     and b.customer_id %% %(partitions)s = %(partition)s
   group by b.id, t.id
)
update bills_bill b
   set late_fee_accrued = b.late_fee_accrued + late.days * late.daily, accrued_through_date = %(date)s
  from late
 where late.id = b.id and late.days > 0
