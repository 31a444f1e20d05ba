-- What is owed and overdue of the partition's customers whose case the day changes: who became late enough for one, is not late any
-- more, moved money, or reached another stage or priority. Read from what is kept open beside the ledger, which is as of the day
-- unless a customer's account is ahead of it (`standing`).
insert into cases_standing (customer_id, overdue_amount, balance)
with ladder as materialized (
  select distinct on (step.version_id, n.days) step.version_id, n.days, step.position
    from cases_strategystep step
   cross join lateral generate_series(step.from_day::integer, (select max(from_day) from cases_strategystep)::integer) as n (days)
   where step.stage = step.code
   order by step.version_id, n.days, step.position desc
), late as (
  select customer_id, oldest_due_date, %(date)s::date - late_since_date as days, balance
    from bills_account
   where late_since_date is not null and customer_id %% %(partitions)s = %(partition)s
     and (latest_date is null or latest_date <= %(date)s)
), overdue as (
  select customer_id, sum(open_amount) as amount
    from bills_instalment
   where met_date is null and due_date < %(date)s and customer_id %% %(partitions)s = %(partition)s
   group by customer_id
), opened as (
  select c.id, c.customer_id, c.strategy_id, c.oldest_due_date, c.overdue_amount, c.balance, c.priority, c.held_days, step.position
    from cases_case c
    join cases_strategystep step on step.version_id = c.strategy_id and step.code = c.stage
   where c.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
)
select l.customer_id, coalesce(o.amount, 0), l.balance
  from late l
  left join overdue o on o.customer_id = l.customer_id
  left join opened c on c.customer_id = l.customer_id
  left join ladder on ladder.version_id = c.strategy_id
                  and ladder.days = least(greatest(l.days - c.held_days, 0), (select max(from_day) from cases_strategystep))
 where case
   when c.id is null then l.days >= %(opens_from)s
   else (c.oldest_due_date, c.overdue_amount, c.balance)
          is distinct from (l.oldest_due_date, coalesce(o.amount, 0), l.balance)
     or ladder.position > c.position
     or c.priority <> least(trunc(coalesce(o.amount, 0) * coalesce(
          (%(band_shares)s::numeric[])[width_bucket(l.days, %(band_days)s::integer[])], 0)), 2147483647)::integer
 end
 union all
select c.customer_id, 0, a.balance
  from opened c
 cross join lateral (
   select a.balance from bills_account a
    where a.customer_id = c.customer_id and a.late_since_date is null
      and (a.latest_date is null or a.latest_date <= %(date)s)
   offset 0
 ) a
 where not exists (select from late l where l.customer_id = c.customer_id)
