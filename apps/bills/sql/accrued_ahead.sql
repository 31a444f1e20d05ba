-- Customers of the partition with a bill that was late or could revolve on the day and has accrued beyond it, because later money
-- is booked already (a history that was imported at once): their month's end is posted by a replay.
select distinct b.customer_id
  from bills_bill b
  join bills_productterms t on t.id = b.terms_id
 where b.accrued_through_date > %(date)s
   and b.customer_id %% %(partitions)s = %(partition)s
   and (t.revolving_daily_rate > 0 and b.issued_date + t.due_days < %(date)s
        or exists (
          select from bills_instalment i
           where i.bill_id = b.id and i.due_date < %(date)s and i.due_date + i.grace_days < %(date)s
             and (i.met_date is null or i.met_date > %(date)s)
        ))
