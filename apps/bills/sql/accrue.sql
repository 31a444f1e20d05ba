-- Accrues late fees through a day on every late bill of the partition. A bill accrued through the day is left alone.
update bills_bill b
   set late_fee_accrued = b.late_fee_accrued + late.days * late.daily, accrued_through_date = %(date)s
  from ({late_fees}) late
 where late.id = b.id and late.days > 0
   and late.customer_id %% %(partitions)s = %(partition)s
