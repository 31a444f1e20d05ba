-- Accrues interest through a day on every revolving statement of the partition. A bill accrued through the day is left alone.
update bills_bill b
   set interest_accrued = b.interest_accrued + revolving.days * revolving.daily, accrued_through_date = %(date)s
  from ({revolving}) revolving
 where revolving.id = b.id and revolving.days > 0
   and revolving.customer_id %% %(partitions)s = %(partition)s
