-- Judges the partition's promises by what the ledger received: kept as soon as the amount came in from the day of the
-- promise to the end of its grace, broken when the last day of grace is over without it. The rules are those of the strategy
-- under which the case is treated. A judgement of the last year is made anew where money of its days was booked or reversed
-- after it: a kept one is broken, or open again while there is time and no other is; a broken one is kept. Each such change
-- is noted. Answers how many open ones were kept and broken, and how many judgements were replaced.
with concerned as (
  select p.id, p.status, p.amount, p.made_date, c.customer_id, p.case_id,
         p.promised_date + (v.document -> 'promises' ->> 'grace_days')::integer as last_date
    from cases_promise p
    join cases_case c on c.id = p.case_id
    join cases_strategyversion v on v.id = c.strategy_id
   where p.made_date <= %(date)s and c.customer_id %% %(partitions)s = %(partition)s
     and (p.status = 'open'
          or p.judged_date > %(date)s::date - 366 and exists (
            select from bills_ledgerentry e
             where e.customer_id = c.customer_id and e.repayment_id is not null
               and e.effective_date between p.made_date
                 and p.promised_date + (v.document -> 'promises' ->> 'grace_days')::integer
               and e.booked_at > p.judged_date::timestamptz))
), receiving as (
  select p.*,
         coalesce((
           select -sum(e.amount)
             from bills_ledgerentry e
            where e.customer_id = p.customer_id and e.repayment_id is not null
              and e.effective_date between p.made_date and least(%(date)s::date, p.last_date)
         ), 0) as received
    from concerned p
), verdicts as (
  select r.id, r.status, r.received,
         case when r.received >= r.amount then 'kept'
              when %(date)s >= r.last_date then 'broken'
              when r.status = 'kept' and exists (
                select from cases_promise other where other.case_id = r.case_id and other.status = 'open' and other.id <> r.id
              ) then 'kept'
              else 'open' end as verdict
    from receiving r
), judged as (
  update cases_promise p
     set status = v.verdict, received = case when v.verdict = 'open' then null else v.received end,
         judged_date = case when v.verdict = 'open' then null else %(date)s::date end
    from verdicts v
   where v.id = p.id and v.verdict <> v.status
  returning p.id, v.status as before, p.status, v.received
), noted as (
  insert into cases_promisemove (promise_id, moved_date, from_status, to_status, received)
  select id, %(date)s, before, status, received from judged where before <> 'open' order by id
)
select count(*) filter (where before = 'open' and status = 'kept'),
       count(*) filter (where before = 'open' and status = 'broken'),
       count(*) filter (where before <> 'open')
  from judged
