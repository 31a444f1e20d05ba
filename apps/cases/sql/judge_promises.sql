-- Judges the partition's open promises by what the ledger received: kept as soon as the amount came in from the day of the
-- promise to the end of its grace, broken when the last day of grace is over without it. The rules are those of the strategy
-- under which the case is treated. Answers how many were kept and broken.
with receiving as (
  select p.id, p.amount, p.promised_date + (v.document -> 'promises' ->> 'grace_days')::integer as last_date,
         coalesce((
           select -sum(e.amount)
             from bills_ledgerentry e
            where e.customer_id = c.customer_id and e.repayment_id is not null
              and e.effective_date between p.made_date
                and least(%(date)s::date, p.promised_date + (v.document -> 'promises' ->> 'grace_days')::integer)
         ), 0) as received
    from cases_promise p
    join cases_case c on c.id = p.case_id
    join cases_strategyversion v on v.id = c.strategy_id
   where p.status = 'open' and p.made_date <= %(date)s and c.customer_id %% %(partitions)s = %(partition)s
), judged as (
  update cases_promise p
     set status = case when r.received >= r.amount then 'kept' else 'broken' end,
         judged_date = %(date)s, received = r.received
    from receiving r
   where r.id = p.id and (r.received >= r.amount or %(date)s >= r.last_date)
  returning p.status
)
select count(*) filter (where status = 'kept'), count(*) filter (where status = 'broken') from judged
