-- Makes tomorrow's tasks for the partition's open cases, from the steps that act in the stage each case is in: on each of the
-- step's days, unless the account is paused; or once, where the step names no days. Neither where the case is in a hold tomorrow, where
-- the step is for other segments or arms, where it is to wait, or where what ends it has happened in this stage (an open promise,
-- a talk with the customer, money); of agents' tasks no more than the version's cap, the first steps first.
-- An agent's task goes to whom the case belongs, a review to its queue. Answers how many were made.
with acting as (
  select c.id as case_id, c.customer_id, step.code, step.kind, step.queue, step.position,
         case when step.kind = 'task' and step.queue = c.queue then c.owner_id end as owner_id,
         (version.document -> 'caps' ->> 'tasks')::integer as cap,
         count(*) filter (where step.kind = 'task') over (partition by c.id order by step.position) as place
    from cases_case c
    join cases_strategyversion version on version.id = c.strategy_id
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
       else not exists (select from cases_task t where t.case_id = c.id and t.step = step.code)
     end
{limits}
), made as (
  insert into cases_task (case_id, step, kind, queue, owner_id, due_date, status, outcome, created_at)
  select case_id, code, kind, queue, owner_id, %(date)s::date + 1, 'open', '', %(at)s
    from acting where kind <> 'task' or cap is null or place <= cap order by customer_id, position
      on conflict (case_id, step, due_date) do nothing
  returning 1
)
select count(*) from made
