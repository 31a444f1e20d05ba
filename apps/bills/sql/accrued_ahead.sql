-- Customers of the partition with a bill that was late on the day and has accrued beyond it, because later money is booked
-- already (a history that was imported at once): their month's end is posted by a replay.
select distinct b.customer_id
  from bills_bill b
  join bills_instalment i on i.bill_id = b.id and i.due_date < %(date)s
   and i.due_date + i.grace_days < %(date)s
 where b.accrued_through_date > %(date)s
   and b.customer_id %% %(partitions)s = %(partition)s
   and (i.met_date is null or i.met_date > %(date)s)
