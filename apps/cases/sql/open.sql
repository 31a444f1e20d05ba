-- Opens a case, with its first move, for every customer who is late enough and has none, at the stage that the days have reached.
-- Promises: one open case a customer; a reference made of the customer's and the number of the case; where the strategy has an
-- experiment, the arm that the hash of its salt and the customer's reference says, before anything is done with the case.
-- Answers how many cases were opened and how many rows were written.
with late as (
  select a.customer_id, a.oldest_due_date, s.overdue_amount, s.balance,
         %(date)s::date - a.late_since_date as days_past_due
    from cases_standing s
    join bills_account a on a.customer_id = s.customer_id
   where a.late_since_date <= %(date)s::date - %(opens_from)s::integer
     and a.customer_id %% %(partitions)s = %(partition)s
     and not exists (select from cases_case c where c.customer_id = s.customer_id and c.status = 'open')
), opened as (
  insert into cases_case (
    reference, customer_id, strategy_id, arm, status, stage, oldest_due_date, overdue_amount, balance, queue, priority,
    opened_date, stage_date, close_reason
  )
  select 'K-' || customer.reference || '-'
           || 1 + (select count(*) from cases_case c where c.customer_id = late.customer_id),
         late.customer_id, %(strategy)s,
         coalesce((
           select arm.code from cases_strategyarm arm
            where arm.version_id = %(strategy)s
              and ('x' || encode(substr(sha256(convert_to(%(salt)s || ':' || customer.reference, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint
                  %% 100 between arm.share_from and arm.share_from + arm.weight - 1
         ), ''), 'open', step.code, late.oldest_due_date, late.overdue_amount, late.balance,
         step.queue,
         least(
           trunc(late.overdue_amount * coalesce((
             select share from unnest(%(band_days)s::integer[], %(band_shares)s::numeric[]) as band (from_day, share)
              where from_day <= late.days_past_due order by from_day desc limit 1
           ), 0)), 2147483647
         )::integer,
         %(date)s, %(date)s, ''
    from late
    join customers_customer customer on customer.id = late.customer_id
    join lateral (
      select s.code, s.queue
        from cases_strategystep s
       where s.version_id = %(strategy)s and s.stage = s.code and s.from_day <= late.days_past_due
       order by s.position desc limit 1
    ) step on true
   order by late.customer_id
  returning id, customer_id, stage
), moved as (
  insert into cases_stagemove (case_id, moved_date, from_stage, to_stage, days_past_due, cause)
  select o.id, %(date)s, '', o.stage, %(date)s::date - a.late_since_date, 'opened'
    from opened o
   cross join lateral (
     select a.late_since_date from bills_account a where a.customer_id = o.customer_id offset 0
   ) a
   order by o.customer_id
)
select count(*), 2 * count(*) from opened
