-- Keeps every bill that is open at the month's end as of that day: days past due, bucket, what is open, and the bucket it had
-- at the month's end before (null: it was not open then). Paused days count for nothing. The classes follow from the days, each
-- beginning where the domain says; what an observation holds them at comes after (`hold_classes`).
-- Derived from the ledger, the instalments and the pauses alone.
insert into bills_billsnapshot
  (month_end_date, bill_id, customer_id, days_past_due, bucket, previous_bucket, class_2023, class_card, stage, open_principal, open_fees)
with open_bill as (
  select bill_id,
         sum(amount) filter (where component = 'principal') as principal,
         sum(amount) filter (where component <> 'principal') as fees
    from bills_ledgerentry
   where bill_id is not null and effective_date <= %(date)s and {whose}
   group by bill_id
  having sum(amount) <> 0
), oldest as (
  select bill_id, customer_id, min(due_date) as due_date
    from bills_instalment
   where due_date < %(date)s and due_date + grace_days < %(date)s and (met_date is null or met_date > %(date)s)
     and {whose}
   group by bill_id, customer_id
), paused as (
  select o.bill_id,
         sum(least(coalesce(p.end_date, %(date)s::date + 1), %(date)s::date + 1) - greatest(p.start_date, o.due_date + 1)) as days
    from bills_pause p
    join oldest o on o.customer_id = p.customer_id
   where p.cancelled_at is null
     and p.start_date <= %(date)s
     and (p.end_date is null or p.end_date > o.due_date + 1)
   group by o.bill_id
), late as (
  select o.bill_id, %(date)s::date - o.due_date - coalesce(p.days, 0)::integer as days
    from oldest o left join paused p on p.bill_id = o.bill_id
)
select %(date)s, b.id, b.customer_id, coalesce(late.days, 0),
       case when late.days is null then 'M0' when late.days > 180 then 'M7+' else 'M' || (late.days + 29) / 30 end,
       previous.bucket,
       (%(five_classes)s::text[])[1 + width_bucket(coalesce(late.days, 0), %(begin_2023)s::integer[])],
       (%(five_classes)s::text[])[1 + width_bucket(coalesce(late.days, 0), %(begin_card)s::integer[])],
       1 + width_bucket(coalesce(late.days, 0), %(begin_stages)s::integer[]),
       coalesce(o.principal, 0), coalesce(o.fees, 0)
  from open_bill o
  join bills_bill b on b.id = o.bill_id
  left join late on late.bill_id = b.id
  left join bills_billsnapshot previous on previous.bill_id = b.id and previous.month_end_date = %(previous_month_end)s
 order by b.id
    on conflict (bill_id, month_end_date) do nothing
