-- Fills the shadows of a simulation with the book as it was before a day was closed: cases, tasks, promises and messages of the
-- days before, each as it stood. Accounts are aged by the day's own step. Writes into temporary tables alone.
insert into pg_temp.bills_account select * from public.bills_account;
insert into pg_temp.cases_strategyversion select * from public.cases_strategyversion;
insert into pg_temp.cases_strategystep select * from public.cases_strategystep;
insert into pg_temp.cases_strategysegment select * from public.cases_strategysegment;
insert into pg_temp.cases_strategyarm select * from public.cases_strategyarm;
insert into pg_temp.cases_case select * from public.cases_case where opened_date < %(date)s;
update pg_temp.cases_case c
   set strategy_id = m.from_version_id, arm = m.from_arm
  from (
    select distinct on (case_id) case_id, from_version_id, from_arm
      from public.cases_versionmove where moved_date >= %(date)s order by case_id, moved_date
  ) m
 where m.case_id = c.id;
update pg_temp.cases_case c
   set stage = m.from_stage, status = 'open', closed_date = null, close_reason = '',
       stage_date = coalesce((
         select max(b.moved_date) from public.cases_stagemove b where b.case_id = c.id and b.moved_date < %(date)s
       ), c.opened_date),
       queue = coalesce((
         select nullif(s.queue, '') from public.cases_strategystep s where s.version_id = c.strategy_id and s.code = m.from_stage
       ), c.queue)
  from (
    select distinct on (case_id) case_id, from_stage
      from public.cases_stagemove where moved_date >= %(date)s order by case_id, moved_date
  ) m
 where m.case_id = c.id;
insert into pg_temp.cases_task select * from public.cases_task where due_date <= %(date)s;
update pg_temp.cases_task set status = 'open' where due_date >= %(date)s and status = 'lapsed';
insert into pg_temp.cases_promise
select p.* from public.cases_promise p join pg_temp.cases_case c on c.id = p.case_id where p.made_date <= %(date)s;
update pg_temp.cases_promise set status = 'open', judged_date = null, received = null where judged_date >= %(date)s;
insert into pg_temp.outreach_message
select m.* from public.outreach_message m
 where m.planned_at < %(at)s
   and (m.planned_at >= %(at)s - interval '40 days'
        or exists (select from pg_temp.cases_case c where c.customer_id = m.customer_id and c.status = 'open'));
insert into pg_temp.outreach_callattempt
select a.* from public.outreach_callattempt a where a.called_at < %(at)s and a.called_at >= %(at)s - interval '40 days';
insert into pg_temp.cases_hold select * from public.cases_hold where placed_at < %(at)s;
update pg_temp.cases_hold set status = 'in_force', ended_at = null, ended_by = null where ended_at >= %(at)s;
update pg_temp.cases_case c
   set held_days = greatest(c.held_days - (
         select count(*)
           from closing_day d
          where d.date >= %(date)s and d.status = 'closed'
            and exists (
              select from cases_hold h
               where h.customer_id = c.customer_id and h.kind = any(%(clock_kinds)s)
                 and h.start_date <= d.date and (h.end_date is null or h.end_date > d.date)
            )
            and not exists (
              select from bills_pause p
               where p.customer_id = c.customer_id and p.cancelled_at is null
                 and p.start_date <= d.date and (p.end_date is null or p.end_date > d.date)
            )
       ), 0)
 where c.held_days > 0;
