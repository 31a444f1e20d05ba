-- What a simulated day made, by step and arm: tasks with the minutes that they take, messages that would go out, messages that
-- would not. Read from the shadows.
select step, arm, kind, sum(tasks)::integer, sum(messages)::integer, sum(blocked)::integer, sum(minutes)::integer
  from (
    select t.step, c.arm, t.kind, 1 as tasks, 0 as messages, 0 as blocked, coalesce(s.minutes, 0) as minutes
      from pg_temp.cases_task t
      join pg_temp.cases_case c on c.id = t.case_id
      left join pg_temp.cases_strategystep s on s.version_id = c.strategy_id and s.code = t.step
     where t.due_date = %(date)s::date + 1 and t.created_at = %(at)s
     union all
    select m.purpose, coalesce(c.arm, ''), 'message', 0, (m.status = 'planned')::integer, (m.status = 'blocked')::integer, 0
      from pg_temp.outreach_message m
      left join pg_temp.cases_case c on c.customer_id = m.customer_id and c.status = 'open'
     where m.planned_at = %(at)s
  ) made
 group by step, arm, kind
 order by step, arm, kind
