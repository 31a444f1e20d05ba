-- The late bills that bear a late fee, with the late days up to a day that are not accrued yet and the fee of one: the daily rate
-- on unpaid principal and instalment fees, to six decimals, never below the floor. A paused day is no late day.
-- What derives late fees reads this.
select late.id, late.customer_id, late.daily,
       %(date)s::date - late.since_date - coalesce((
         select sum(least(coalesce(p.end_date, %(date)s::date + 1), %(date)s::date + 1) - greatest(p.start_date, late.since_date + 1))
           from bills_pause p
          where p.customer_id = late.customer_id and p.cancelled_at is null
            and p.start_date <= %(date)s and (p.end_date is null or p.end_date > late.since_date + 1)
       ), 0)::integer as days
  from (
    select b.id, b.customer_id,
           greatest(min(i.due_date), coalesce(b.accrued_through_date, min(i.due_date))) as since_date,
           greatest(
             round((b.open_principal + b.open_instalment_fee) * t.late_fee_daily_rate, 6), t.late_fee_daily_floor
           ) as daily
      from bills_bill b
      join bills_productterms t on t.id = b.terms_id and t.late_fee_daily_rate > 0
      join bills_instalment i on i.bill_id = b.id and i.met_date is null and i.due_date < %(date)s
       and i.due_date + i.grace_days < %(date)s
     where b.settled_date is null
       and b.open_principal + b.open_instalment_fee > 0
     group by b.id, b.customer_id, t.id
  ) late
