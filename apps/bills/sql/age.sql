-- Brings each customer's oldest due date that is not met, as of the day, the same moved on by the paused days since, and the
-- bucket that follows from it, to the day.
-- Only customers whose dates or bucket change are written; every change of bucket is kept as a move.
with oldest as (
  select customer_id, min(due_date) as due_date
    from bills_instalment
   where due_date < %(date)s and due_date + grace_days < %(date)s
     and (met_date is null or met_date > %(date)s)
     and customer_id %% %(partitions)s = %(partition)s
   group by customer_id
), paused as (
  select o.customer_id,
         sum(least(coalesce(p.end_date, %(date)s::date + 1), %(date)s::date + 1) - greatest(p.start_date, o.due_date + 1)) as days
    from bills_pause p
    join oldest o on o.customer_id = p.customer_id
   where p.cancelled_at is null
     and p.start_date <= %(date)s
     and (p.end_date is null or p.end_date > o.due_date + 1)
   group by o.customer_id
), late as (
  select o.customer_id, o.due_date, o.due_date + coalesce(p.days, 0)::integer as since_date
    from oldest o left join paused p on p.customer_id = o.customer_id
), aged as (
  select a.id, a.customer_id, a.bucket as from_bucket, l.due_date, l.since_date,
         case
           when l.due_date is null then 'M0'
           when %(date)s::date - l.since_date > 180 then 'M7+'
           else 'M' || (%(date)s::date - l.since_date + 29) / 30
         end as to_bucket
    from bills_account a
    left join late l on l.customer_id = a.customer_id
   where a.customer_id %% %(partitions)s = %(partition)s
     and (a.oldest_due_date is not null or l.due_date is not null)
), moved as (
  insert into bills_bucketmove (customer_id, moved_date, from_bucket, to_bucket, oldest_due_date)
  select customer_id, %(date)s, from_bucket, to_bucket, due_date
    from aged where from_bucket <> to_bucket order by customer_id
)
update bills_account a
   set oldest_due_date = aged.due_date, late_since_date = aged.since_date, bucket = aged.to_bucket
  from aged
 where aged.id = a.id
   and ((a.oldest_due_date, a.late_since_date) is distinct from (aged.due_date, aged.since_date)
        or a.bucket <> aged.to_bucket)
