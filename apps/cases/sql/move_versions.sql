-- Moves the partition's open cases of earlier versions to the one in force, as its rule says: at once, or when the version of the case
-- has a later stage for the days than the one it is in. The case keeps its stage where the version in force has it too, else it is in
-- the one that the days have reached there, or in the first; days in a hold count towards no stage. It keeps its arm within one experiment, else the hash says the new one.
-- Every move is kept; what was still to be done of a step that the version in force does not have is cancelled.
-- Answers how many cases were moved and how many rows were written.
with late as (
  select c.id, c.customer_id, c.strategy_id, c.stage, c.stage_date, c.arm, c.queue, c.owner_id,
         %(date)s::date - a.late_since_date as days_past_due, %(date)s::date - a.late_since_date - c.held_days as days
    from cases_case c
    join bills_account a on a.customer_id = c.customer_id and a.late_since_date is not null
   where c.status = 'open' and c.strategy_id <> %(strategy)s and c.customer_id %% %(partitions)s = %(partition)s
), going as (
  select l.*, customer.reference, coalesce(here.code, reached.code) as to_stage,
         coalesce(nullif(coalesce(here.queue, reached.queue), ''), l.queue) as to_queue,
         old.document -> 'experiment' ->> 'salt' = %(salt)s as is_same
    from late l
    join customers_customer customer on customer.id = l.customer_id
    join cases_strategyversion old on old.id = l.strategy_id
    left join cases_strategystep here
      on here.version_id = %(strategy)s and here.code = l.stage and here.stage = here.code
   cross join lateral (
     select s.code, s.queue from cases_strategystep s
      where s.version_id = %(strategy)s and s.stage = s.code
      order by s.from_day <= l.days desc, abs(s.from_day - l.days) limit 1
   ) reached
   where %(rule)s = 'at_once' or exists (
     select from cases_strategystep now
       join cases_strategystep later on later.version_id = now.version_id
      where now.version_id = l.strategy_id and now.code = l.stage
        and later.stage = later.code and later.from_day <= l.days and later.position > now.position
   )
), placed as (
  select g.*,
         coalesce(
           (select arm.code from cases_strategyarm arm where g.is_same and arm.version_id = %(strategy)s and arm.code = g.arm),
           (select arm.code from cases_strategyarm arm
             where arm.version_id = %(strategy)s
               and ('x' || encode(substr(sha256(convert_to(%(salt)s || ':' || g.reference, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint
                   %% 100 between arm.share_from and arm.share_from + arm.weight - 1),
           ''
         ) as to_arm
    from going g
), moved as (
  insert into cases_versionmove (case_id, moved_date, from_version_id, to_version_id, from_arm, to_arm, rule)
  select id, %(date)s, strategy_id, %(strategy)s, arm, to_arm, %(rule)s from placed order by customer_id
  returning 1
), stages as (
  insert into cases_stagemove (case_id, moved_date, from_stage, to_stage, days_past_due, cause)
  select id, %(date)s, stage, to_stage, days_past_due, 'strategy_version' from placed where to_stage <> stage order by customer_id
  returning 1
), written as (
  update cases_case c
     set strategy_id = %(strategy)s, arm = p.to_arm, stage = p.to_stage, queue = p.to_queue,
         stage_date = case when p.to_stage = p.stage then p.stage_date else %(date)s end,
         owner_id = case when p.to_queue = p.queue then p.owner_id end
    from placed p
   where p.id = c.id
  returning 1
), cancelled as (
  update cases_task t set status = 'cancelled'
    from placed p
   where t.case_id = p.id and t.status in ('open', 'held')
     and not exists (select from cases_strategystep s where s.version_id = %(strategy)s and s.code = t.step)
  returning 1
)
select (select count(*) from moved),
       (select count(*) from moved) + (select count(*) from stages) + (select count(*) from written) + (select count(*) from cancelled)
