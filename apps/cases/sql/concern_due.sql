-- Notes the partition's customers whose accounts are ahead of the day, with an instalment that falls due on another day and is not
-- met; who has a case is spoken with otherwise.
insert into cases_concerned (customer_id)
select distinct i.customer_id
  from bills_account a
  join bills_instalment i on i.customer_id = a.customer_id
 where a.latest_date > %(date)s and a.customer_id %% %(partitions)s = %(partition)s
   and i.due_date = %(due_date)s
   and (i.met_date is null or i.met_date > %(date)s)
   and exists (select from bills_bill b where b.id = i.bill_id and b.issued_date <= %(date)s)
   and not exists (select from cases_case c where c.customer_id = i.customer_id and c.status = 'open')
