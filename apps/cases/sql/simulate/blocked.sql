-- Why a simulated day's messages would not go out, by step, arm and rule; one message may have several reasons.
select m.purpose, coalesce(c.arm, ''), reason, count(*)::integer
  from pg_temp.outreach_message m
  join pg_temp.outreach_gatedecision d on d.id = m.decision_id
 cross join lateral unnest(string_to_array(d.reasons, ' ')) as reason
  left join pg_temp.cases_case c on c.customer_id = m.customer_id and c.status = 'open'
 where m.planned_at = %(at)s and m.status = 'blocked'
 group by 1, 2, 3
 order by 4 desc, 1, 2, 3
