-- Ends the partition's holds whose last day is over, and opens the tasks that they put aside, due tomorrow, where no other hold
-- still stops tasks. Answers how many holds ended and how many tasks came back.
with expired as (
  update cases_hold
     set status = 'expired', ended_at = %(at)s, ended_by = %(by)s
   where status = 'in_force' and end_date <= %(date)s::date + 1 and customer_id %% %(partitions)s = %(partition)s
  returning id, customer_id
), back as (
  update cases_task t
     set status = 'open', due_date = greatest(t.due_date, %(date)s::date + 1)
    from cases_case c
   where c.id = t.case_id and c.status = 'open' and t.status = 'held'
     and c.customer_id in (select customer_id from expired)
     and not exists (
       select from cases_hold h
        where h.customer_id = c.customer_id and h.status = 'in_force' and h.kind = any(%(task_kinds)s)
          and h.start_date <= %(date)s::date + 1 and (h.end_date is null or h.end_date > %(date)s::date + 1)
     )
  returning 1
)
select (select count(*) from expired), (select count(*) from back)
