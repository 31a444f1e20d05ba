-- Makes tomorrow's tasks for the partition's open cases, from the steps that act in the stage each case is in: on each of the
-- step's days, unless the account is paused, we spoke with the customer in this stage or a promise is open; or once, where the
-- step names no days.
-- Nothing is made for a case that is in a hold tomorrow.
-- An agent's task goes to whom the case belongs, a review to its queue. Answers how many were made.
with acting as (
  select c.id as case_id, c.customer_id, step.code, step.kind, step.queue, step.position,
         case when step.kind = 'task' and step.queue = c.queue then c.owner_id end as owner_id
    from cases_case c
    join bills_account a on a.customer_id = c.customer_id
    join cases_strategystep step on step.version_id = c.strategy_id and step.stage = c.stage and step.kind <> 'message'
   where c.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
     and not exists (
       select from cases_hold h
        where h.customer_id = c.customer_id and h.status = 'in_force' and h.kind = any(%(held_kinds)s)
          and h.start_date <= %(date)s::date + 1 and (h.end_date is null or h.end_date > %(date)s::date + 1)
     )
     and case
       when cardinality(step.days) > 0 then
         %(date)s::date - a.late_since_date - c.held_days = any(step.days)
         and not exists (
           select from bills_pause p
            where p.customer_id = c.customer_id and p.cancelled_at is null
              and p.start_date <= %(date)s and (p.end_date is null or p.end_date > %(date)s)
         )
         and not exists (select from cases_promise p where p.case_id = c.id and p.status = 'open')
         and not exists (
           select from cases_contact contact
            where contact.case_id = c.id and contact.outcome = any(%(right_party)s)
              and contact.contacted_date between c.stage_date and %(date)s
         )
       else not exists (select from cases_task t where t.case_id = c.id and t.step = step.code)
     end
), made as (
  insert into cases_task (case_id, step, kind, queue, owner_id, due_date, status, outcome, created_at)
  select case_id, code, kind, queue, owner_id, %(date)s::date + 1, 'open', '', %(at)s
    from acting order by customer_id, position
      on conflict (case_id, step, due_date) do nothing
  returning 1
)
select count(*) from made
