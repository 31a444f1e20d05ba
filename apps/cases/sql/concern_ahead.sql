-- Notes the partition's customers that the day's cases are about and whose accounts are ahead of it: who has an open case, and who is
-- late enough for one.
insert into cases_concerned (customer_id)
select a.customer_id
  from bills_account a
 where a.latest_date > %(date)s and a.customer_id %% %(partitions)s = %(partition)s
   and (a.late_since_date <= %(date)s::date - %(opens_from)s::integer
        or exists (select from cases_case c where c.customer_id = a.customer_id and c.status = 'open'))
