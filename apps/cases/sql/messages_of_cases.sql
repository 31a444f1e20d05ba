-- Wants the messages that the strategy of each open case of the partition has for today: the case is in the step's stage on one of
-- the step's days. An open promise suspends them, and so does a hold.
insert into outreach_wanted (customer_id, purpose, template, channels, anchor_date, due_date, amount, currency, days)
select c.customer_id, step.code, step.template, step.channels, c.oldest_due_date, c.oldest_due_date, c.overdue_amount, a.currency,
       %(date)s::date - a.late_since_date
  from cases_case c
  join cases_strategystep step on step.version_id = c.strategy_id and step.stage = c.stage and step.kind = 'message'
  join bills_account a on a.customer_id = c.customer_id
 where c.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
   and %(date)s::date - a.late_since_date - c.held_days = any(step.days)
   and not exists (
     select from cases_hold h
      where h.customer_id = c.customer_id and h.status = 'in_force' and h.kind = any(%(held_kinds)s)
        and h.start_date <= %(date)s and (h.end_date is null or h.end_date > %(date)s)
   )
   and not exists (select from cases_promise p where p.case_id = c.id and p.status = 'open')
 order by c.customer_id, step.position
    on conflict (customer_id, purpose, anchor_date) do nothing
