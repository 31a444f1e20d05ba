-- What a day's close left behind, a digest a kind of row, free of keys and of the order of writing.
with line as (
  select 'account' as kind, concat_ws('|', customer_id, oldest_due_date, bucket) as line
    from bills_account where oldest_due_date is not null
  union all
  select 'move', concat_ws('|', customer_id, from_bucket, to_bucket, oldest_due_date) from bills_bucketmove where moved_date = %(date)s
  union all
  select 'case', concat_ws('|', reference, customer_id, status, stage, oldest_due_date, overdue_amount, balance, queue, priority,
                           opened_date, stage_date, closed_date, close_reason) from cases_case
  union all
  select 'stage', concat_ws('|', c.reference, m.from_stage, m.to_stage, m.days_past_due, m.cause)
    from cases_stagemove m join cases_case c on c.id = m.case_id where m.moved_date = %(date)s
  union all
  select 'task', concat_ws('|', c.reference, t.step, t.kind, t.queue, t.due_date, t.status)
    from cases_task t join cases_case c on c.id = t.case_id where t.status = 'open' or t.due_date >= %(date)s
  union all
  select 'message', concat_ws('|', m.reference, m.purpose, m.channel, m.contact_point_id, m.template_id, m.due_date, m.address,
                              m.subject, m.body, m.status, m.planned_at, m.scheduled_at, d.is_allowed, d.reasons, d.counters, d.rules)
    from outreach_message m join outreach_gatedecision d on d.id = m.decision_id where m.planned_at = %(at)s
  union all
  select 'decision', concat_ws('|', customer_id, channel, planned_at, is_allowed, reasons, counters, rules)
    from outreach_gatedecision where decided_at = %(at)s
)
select kind, count(*), md5(string_agg(line, chr(10) order by line)) from line group by kind order by kind
