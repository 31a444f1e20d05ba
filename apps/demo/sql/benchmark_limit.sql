-- The limit that the close is measured against: one day's close of the benchmark's book as one statement, written for this book alone.
-- It ages accounts, opens, advances and cures cases, ends and makes tasks, asks the gate and plans messages, and keeps one event a
-- changed case. Left out, because the book has none: statements, credit, facts after the day, calls, contacts, partial
-- payments, and messages enough to reach a cap.
with late as materialized (
  select customer_id, min(due_date) as due_date, sum(open_amount) as overdue
    from bills_instalment where met_date is null and due_date < %(date)s group by customer_id
), aged as materialized (
  select a.id, a.customer_id, a.currency, a.balance, a.bucket as from_bucket, a.oldest_due_date as was_due, l.due_date, l.overdue,
         coalesce(%(date)s::date - l.due_date, 0) as days,
         case when l.due_date is null then 'M0' when %(date)s::date - l.due_date > 180 then 'M7+'
              else 'M' || (%(date)s::date - l.due_date + 29) / 30 end as to_bucket
    from (select customer_id from late union select customer_id from bills_account where oldest_due_date is not null) who
    join bills_account a using (customer_id)
    left join late l using (customer_id)
), moved as (
  insert into bills_bucketmove (customer_id, moved_date, from_bucket, to_bucket, oldest_due_date)
  select customer_id, %(date)s, from_bucket, to_bucket, due_date from aged where from_bucket <> to_bucket
), account as (
  update bills_account a set oldest_due_date = g.due_date, late_since_date = g.due_date, bucket = g.to_bucket
    from aged g
   where a.id = g.id and (g.was_due is distinct from g.due_date or g.from_bucket <> g.to_bucket)
), work as materialized (
  select g.*, c.id as case_id, c.stage, c.stage_date, c.queue, c.owner_id, c.strategy_id,
         c.oldest_due_date as case_due, c.overdue_amount as case_overdue, c.balance as case_balance, c.priority as case_priority,
         coalesce(c.strategy_id, %(strategy)s) as version_id,
         least(trunc(g.overdue * coalesce((
           select share from unnest(%(band_days)s::integer[], %(band_shares)s::numeric[]) as band (from_day, share)
            where from_day <= g.days order by from_day desc limit 1
         ), 0)), 2147483647)::integer as new_priority
    from aged g
    left join cases_case c on c.customer_id = g.customer_id and c.status = 'open'
   where c.id is not null or g.days >= %(opens_from)s
), reached as materialized (
  select w.*, step.code as to_stage, step.queue as to_queue, step.position > coalesce(now.position, -1) as is_later
    from work w
    left join cases_strategystep now on now.version_id = w.version_id and now.code = w.stage
    left join lateral (
      select s.code, s.queue, s.position from cases_strategystep s
       where s.version_id = w.version_id and s.stage = s.code and s.from_day <= w.days
       order by s.position desc limit 1
    ) step on true
), cured as (
  update cases_case c
     set status = 'closed', close_reason = 'cured', closed_date = %(date)s, overdue_amount = 0, balance = r.balance, priority = 0
    from reached r where c.id = r.case_id and r.due_date is null
  returning c.id, c.customer_id, c.stage
), advanced as (
  update cases_case c
     set stage = case when r.is_later then r.to_stage else r.stage end,
         stage_date = case when r.is_later then %(date)s else r.stage_date end,
         queue = case when r.is_later then r.to_queue else r.queue end,
         owner_id = case when not r.is_later or r.to_queue in ('', r.queue) then r.owner_id end,
         oldest_due_date = r.due_date, overdue_amount = r.overdue, balance = r.balance, priority = r.new_priority
    from reached r
   where c.id = r.case_id and r.due_date is not null
     and (r.is_later or (r.case_due, r.case_overdue, r.case_balance, r.case_priority)
          is distinct from (r.due_date, r.overdue, r.balance, r.new_priority))
  returning c.id, c.customer_id, r.stage as from_stage, c.stage as to_stage, r.days, r.is_later
), opened as (
  insert into cases_case (reference, customer_id, strategy_id, status, stage, oldest_due_date, overdue_amount, balance, queue,
                          priority, opened_date, stage_date, close_reason)
  select 'K-' || c.reference || '-' || 1 + (select count(*) from cases_case k where k.customer_id = c.id),
         c.id, %(strategy)s, 'open', r.to_stage, r.due_date, r.overdue, r.balance, r.to_queue, r.new_priority,
         %(date)s, %(date)s, ''
    from reached r join customers_customer c on c.id = r.customer_id
   where r.case_id is null and r.to_stage is not null
  returning id, customer_id, stage
), changed as materialized (
  select id, customer_id, '' as from_stage, stage as to_stage, 'opened' as cause from opened
  union all select id, customer_id, from_stage, to_stage, 'days_past_due' from advanced where is_later
  union all select id, customer_id, stage, '', 'cured' from cured
), history as (
  insert into cases_stagemove (case_id, moved_date, from_stage, to_stage, days_past_due, cause)
  select ch.id, %(date)s, ch.from_stage, ch.to_stage, case when ch.cause = 'cured' then 0 else g.days end, ch.cause
    from changed ch join aged g using (customer_id)
), event as (
  insert into benchmark_event (happened_at, case_id, event)
  select %(at)s, id, jsonb_build_object('cause', cause, 'from', from_stage, 'to', to_stage)
    from (select id, cause, from_stage, to_stage from changed
          union all select id, 'amounts', from_stage, to_stage from advanced where not is_later) ch
), standing as materialized (
  select coalesce(r.case_id, o.id) as case_id, r.customer_id, r.version_id, r.currency, r.due_date, r.overdue, r.days,
         case when r.case_id is null or r.is_later then r.to_stage else r.stage end as stage,
         case when r.case_id is null or r.is_later then r.to_queue else r.queue end as queue,
         case when r.case_id is null or r.is_later then %(date)s else r.stage_date end as stage_date,
         case when not r.is_later or r.to_queue in ('', r.queue) then r.owner_id end as owner_id
    from reached r
    left join opened o on o.customer_id = r.customer_id
   where r.due_date is not null and (r.case_id is not null or o.id is not null)
), ended as (
  update cases_task t
     set status = case when w.due_date is null then 'cancelled' when cardinality(step.days) > 0 then 'lapsed' else 'cancelled' end
    from work w
    join cases_strategystep step on step.version_id = w.version_id
    left join standing s on s.case_id = w.case_id
   where t.case_id = w.case_id and step.code = t.step and t.status = 'open'
     and (w.due_date is null
          or case when cardinality(step.days) > 0 then t.due_date <= %(date)s else step.stage <> s.stage end)
), acting as materialized (
  select s.*, step.code, step.kind, step.queue as step_queue, step.position, step.days as step_days, step.template, step.channels
    from standing s
    join cases_strategystep step on step.version_id = s.version_id and step.stage = s.stage
   where case when cardinality(step.days) > 0 then s.days = any(step.days)
              else not exists (select from cases_task t where t.case_id = s.case_id and t.step = step.code) end
     and (cardinality(step.days) = 0
          or not exists (select from cases_promise p where p.case_id = s.case_id and p.status = 'open'))
), made as (
  insert into cases_task (case_id, step, kind, queue, owner_id, due_date, status, outcome, created_at)
  select case_id, code, kind, step_queue, case when kind = 'task' and step_queue = queue then owner_id end,
         %(date)s::date + 1, 'open', '', %(at)s
    from acting
   where kind <> 'message'
     and not (cardinality(step_days) > 0 and exists (
       select from cases_contact k where k.case_id = acting.case_id and k.outcome = any(%(right_party)s)
          and k.contacted_date between acting.stage_date and %(date)s))
), falling as (
  select distinct on (i.customer_id, step.code) i.customer_id, step.code, step.template, step.channels, i.due_date
    from cases_strategystep step
   cross join lateral unnest(step.days) as day
    join bills_instalment i on i.due_date = %(date)s::date - day and i.met_date is null
   where step.version_id = %(strategy)s and step.kind = 'message' and step.stage = ''
     and not exists (select from standing s where s.customer_id = i.customer_id)
   order by i.customer_id, step.code, i.due_date
), wanted as materialized (
  select customer_id, code, template, channels, due_date as anchor_date, due_date, overdue as amount, currency, days
    from acting where kind = 'message'
  union all
  select f.customer_id, f.code, f.template, f.channels, %(date)s, f.due_date, sum(i.open_amount), a.currency,
         f.due_date - %(date)s::date
    from falling f
    join bills_instalment i on i.customer_id = f.customer_id and i.met_date is null and i.due_date <= f.due_date
    join bills_account a on a.customer_id = f.customer_id
   group by f.customer_id, f.code, f.template, f.channels, f.due_date, a.currency
), addressed as (
  select w.*, row_number() over () as number, c.language, c.reference as customer,
         c.reference || '-' || w.code || '-' || to_char(w.anchor_date, 'YYYY-MM-DD') as reference,
         ((%(at)s::timestamptz at time zone c.time_zone)::date + time '08:00') at time zone c.time_zone
           + ('x' || encode(substr(sha256(convert_to(
               c.reference || '-' || w.code || '-' || to_char(w.anchor_date, 'YYYY-MM-DD'), 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint
             %% 7200 * interval '1 second' as scheduled_at
    from wanted w join customers_customer c on c.id = w.customer_id
), fresh as materialized (
  select * from addressed a where not exists (select from outreach_message m where m.reference = a.reference)
), asked as materialized (
  select f.number, f.reference, f.code, f.due_date, f.customer_id, f.scheduled_at, ch.channel, ch.place, p.id as point_id, p.value as address, t.id as template_id,
         texts.subject, texts.body, sms.seen,
         concat_ws(' ',
           case when texts.subject || chr(10) || texts.body ~* %(banned)s then 'cn-banned-wording' end,
           case when p.id is not null and (p.consented_date is null or p.consented_date > (f.scheduled_at at time zone 'Asia/Shanghai')::date)
                then 'consent' end,
           case when p.id is null or not p.is_valid then 'contact-point' end,
           case when sms.seen >= 2 then 'operator-daily-sms' end) as reasons,
         'cn-banned-wording@1 cn-debtor-only@1 cn-quiet-hours@1' || case when p.id is not null then ' consent@1' else '' end
           || ' contact-point@1' || case when ch.channel = 'sms' then ' operator-daily-sms@1' else '' end as rules
    from fresh f
   cross join lateral unnest(f.channels) with ordinality as ch (channel, place)
    left join lateral (
      select p.id, p.value, p.is_valid, p.consented_date from customers_contactpoint p
       where p.customer_id = f.customer_id and p.kind = case ch.channel when 'sms' then 'phone' else ch.channel end
       order by not (p.is_valid and p.consented_date is not null), p.id limit 1
    ) p on true
    join lateral (
      select t.id, t.subject, t.body from outreach_template t
       where t.code = f.template and t.channel = ch.channel and t.language = f.language and t.approved_at is not null
       order by t.version desc limit 1
    ) t on true
   cross join lateral (
     select format('%%s %%s', f.currency, to_char(f.amount, 'FM999,999,999,990.00')) as amount,
            format('%%s年%%s月%%s日', extract(year from f.due_date), extract(month from f.due_date), extract(day from f.due_date)) as day
   ) said
   cross join lateral (
     select replace(replace(replace(replace(t.subject, '{lender}', %(lender)s), '{amount}', said.amount),
              '{due_date}', said.day), '{days}', f.days::text) as subject,
            replace(replace(replace(replace(t.body, '{lender}', %(lender)s), '{amount}', said.amount),
              '{due_date}', said.day), '{days}', f.days::text) as body
   ) texts
    left join lateral (
      select count(*) as seen from outreach_message m
       where ch.channel = 'sms' and m.customer_id = f.customer_id and m.channel = 'sms' and m.status in ('sent', 'planned')
         and (coalesce(m.sent_at, m.scheduled_at) at time zone 'Asia/Shanghai')::date
             = (f.scheduled_at at time zone 'Asia/Shanghai')::date
    ) sms on ch.channel = 'sms'
), tried as (
  select a.*, min(place) filter (where reasons = '') over (partition by number) as yes from asked a
), answered as materialized (
  select nextval(pg_get_serial_sequence('outreach_gatedecision', 'id')) as decision_id, t.*,
         place = coalesce(yes, 1) as is_chosen
    from tried t
   where place <= coalesce(yes, 99)
), decided as (
  insert into outreach_gatedecision (id, customer_id, channel, planned_at, decided_at, is_allowed, reasons, counters, rules)
  select decision_id, customer_id, channel, scheduled_at, %(at)s, reasons = '', reasons,
         coalesce('operator-daily-sms=' || seen, ''), rules
    from answered
), planned as (
  insert into outreach_message (reference, customer_id, purpose, channel, contact_point_id, template_id, decision_id, due_date, address,
                                subject, body, status, planned_at, scheduled_at, attempts, provider, provider_reference, error)
  select reference, customer_id, code, channel, point_id, template_id, decision_id, due_date, coalesce(address, ''), subject, body,
         case when reasons = '' then 'planned' else 'blocked' end, %(at)s, scheduled_at, 0, '', '', ''
    from answered where is_chosen
  returning 1
)
select (select count(*) from changed), (select count(*) from planned)
