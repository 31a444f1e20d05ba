-- Wants the messages that the strategy of each open case of the partition has for today: the case is in the step's stage on one of
-- the step's days. Not where the case is in a hold, where the step is for other segments or arms, where it is to wait, or where what
-- ends it has happened in this stage; no more than the version's cap, the first steps first.
insert into outreach_wanted (customer_id, purpose, template, channels, anchor_date, due_date, amount, currency, days)
with acting as (
  select c.customer_id, step.code, step.template, step.channels, c.oldest_due_date, c.overdue_amount, a.currency, step.position,
         %(date)s::date - a.late_since_date as days, (version.document -> 'caps' ->> 'messages')::integer as cap,
         row_number() over (partition by c.id order by step.position) as place
    from cases_case c
    join cases_strategyversion version on version.id = c.strategy_id
    join cases_strategystep step on step.version_id = c.strategy_id and step.stage = c.stage and step.kind = 'message'
    join bills_account a on a.customer_id = c.customer_id
   where c.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
     and %(date)s::date - a.late_since_date - c.held_days = any(step.days)
     and not exists (
       select from cases_hold h
        where h.customer_id = c.customer_id and h.status = 'in_force' and h.kind = any(%(held_kinds)s)
          and h.start_date <= %(date)s and (h.end_date is null or h.end_date > %(date)s)
     )
{limits}
)
select customer_id, code, template, channels, oldest_due_date, oldest_due_date, overdue_amount, currency, days
  from acting where cap is null or place <= cap
 order by customer_id, position
    on conflict (customer_id, purpose, anchor_date) do nothing
