-- The late bills that bear a late fee, with the late days up to a day that are not accrued yet and the fee of one: the daily rate
-- on unpaid principal and instalment fees, to six decimals, never below the floor. What derives late fees reads this.
select b.id, b.customer_id,
       %(date)s::date - greatest(min(i.due_date), coalesce(b.accrued_through_date, min(i.due_date))) as days,
       greatest(
         round((b.open_principal + b.open_instalment_fee) * t.late_fee_daily_rate, 6), t.late_fee_daily_floor
       ) as daily
  from bills_bill b
  join bills_productterms t on t.id = b.terms_id and t.late_fee_daily_rate > 0
  join bills_instalment i on i.bill_id = b.id and i.met_date is null and i.due_date < %(date)s
 where b.settled_date is null
   and b.open_principal + b.open_instalment_fee > 0
 group by b.id, b.customer_id, t.id
