-- Brings the open cases of late customers to the day: amounts and priority as of its end, and the stage that the days past due
-- have reached under the strategy of the case. A stage is never left backwards: money ends a case or leaves it where it is.
-- Days in a hold count towards no stage.
-- A case keeps its owner until its new stage has a queue of its own. Only what changes is written, each new stage as a move.
-- Answers how many cases changed their stage and how many rows were written.
with reached as (
  select c.id, c.customer_id, c.stage, a.oldest_due_date, s.overdue_amount, s.balance,
         %(date)s::date - a.late_since_date as days_past_due,
         coalesce(later.code, c.stage) as to_stage,
         case when later.code is null then c.stage_date else %(date)s end as stage_date,
         coalesce(later.queue, c.queue) as queue,
         case when coalesce(later.queue, '') in ('', c.queue) then c.owner_id end as owner_id,
         least(
           trunc(s.overdue_amount * coalesce((
             select share from unnest(%(band_days)s::integer[], %(band_shares)s::numeric[]) as band (from_day, share)
              where from_day <= %(date)s::date - a.late_since_date order by from_day desc limit 1
           ), 0)), 2147483647
         )::integer as priority
    from cases_case c
    join bills_account a on a.customer_id = c.customer_id and a.late_since_date is not null
    join cases_standing s on s.customer_id = c.customer_id
    join cases_strategystep now on now.version_id = c.strategy_id and now.code = c.stage
    left join lateral (
      select step.code, step.queue
        from cases_strategystep step
       where step.version_id = c.strategy_id and step.stage = step.code
         and step.from_day <= %(date)s::date - a.late_since_date - c.held_days and step.position > now.position
       order by step.position desc limit 1
    ) later on true
   where c.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
), moved as (
  insert into cases_stagemove (case_id, moved_date, from_stage, to_stage, days_past_due, cause)
  select id, %(date)s, stage, to_stage, days_past_due, 'days_past_due'
    from reached where stage <> to_stage order by customer_id
  returning 1
), written as (
  update cases_case c
     set stage = r.to_stage, stage_date = r.stage_date, queue = r.queue, owner_id = r.owner_id,
         oldest_due_date = r.oldest_due_date, overdue_amount = r.overdue_amount, balance = r.balance,
         priority = r.priority
    from reached r
   where r.id = c.id
     and (c.stage, c.queue, c.oldest_due_date, c.overdue_amount, c.balance, c.priority)
         is distinct from (r.to_stage, r.queue, r.oldest_due_date, r.overdue_amount, r.balance, r.priority)
  returning 1
)
select (select count(*) from moved), (select count(*) from moved) + (select count(*) from written)
