-- The partition's customers whose past has changed since it was closed, each locked, and from which day on.
select customer_id, changed_from_date
  from bills_account
 where changed_from_date <= %(date)s and customer_id %% %(partitions)s = %(partition)s
 order by customer_id
   for update
