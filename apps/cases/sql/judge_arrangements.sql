-- What the ledger says of the partition's signed arrangements by the end of the day, of those about which it says
-- something new: breached where a payment's grace was over without what was owed through it, kept where everything came
-- in, else active. Those that ended more than a year ago are left alone. Answers key, verdict and what was received.
with signed as (
  select a.id, a.status, a.customer_id, a.signed_date, a.grace_days, a.total, a.received
    from cases_arrangement a
   where a.status in ('active', 'kept', 'breached') and a.signed_date <= %(date)s
     and coalesce(a.ended_date, %(date)s) > %(date)s::date - 366
     and a.customer_id %% %(partitions)s = %(partition)s
), money as (
  select s.id, e.effective_date, -sum(e.amount) as amount
    from signed s
    join bills_ledgerentry e on e.customer_id = s.customer_id and e.repayment_id is not null
     and e.effective_date between s.signed_date and %(date)s
   group by 1, 2
), owed as (
  select s.id, p.due_date + s.grace_days as last_date, sum(p.amount) over (partition by s.id order by p.number) as amount
    from signed s join cases_arrangementpart p on p.arrangement_id = s.id
), missed as (
  select o.id from owed o
   where o.last_date <= %(date)s
     and o.amount > coalesce((select sum(m.amount) from money m where m.id = o.id and m.effective_date <= o.last_date), 0)
   group by o.id
), judged as (
  select s.id, s.status, s.received as known, coalesce((select sum(m.amount) from money m where m.id = s.id), 0) as received,
         case when exists (select from missed x where x.id = s.id) then 'breached'
              when coalesce((select sum(m.amount) from money m where m.id = s.id), 0) >= s.total then 'kept'
              else 'active' end as verdict
    from signed s
)
select id, verdict, received from judged where verdict <> status or received <> known order by id
