-- Brings each customer's oldest due date that is not met, as of the day, the same moved on by the paused days since, and the
-- bucket that follows from it, to the day.
-- Only customers whose dates or bucket change are written; every change of bucket is kept as a move.
-- Reads what is due and not met, accounts that were late, and what was met after the day by those who are ahead of it.
with oldest as (
  select customer_id, min(due_date) as due_date
    from (
      select customer_id, due_date
        from bills_instalment
       where met_date is null and due_date < %(date)s and due_date + grace_days < %(date)s
         and customer_id %% %(partitions)s = %(partition)s
       union all
      select i.customer_id, i.due_date
        from bills_account a
        join bills_instalment i on i.customer_id = a.customer_id and i.due_date < %(date)s and i.met_date > %(date)s
         and i.due_date + i.grace_days < %(date)s
       where a.latest_date > %(date)s and a.customer_id %% %(partitions)s = %(partition)s
    ) due
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
), late as materialized (
  select o.customer_id, o.due_date, o.due_date + coalesce(p.days, 0)::integer as since_date
    from oldest o left join paused p on p.customer_id = o.customer_id
), known as (
  select id, customer_id, bucket, oldest_due_date, late_since_date
    from bills_account
   where late_since_date is not null and customer_id %% %(partitions)s = %(partition)s
), account as (
  select k.id, k.customer_id, k.bucket, k.oldest_due_date, k.late_since_date, l.due_date, l.since_date
    from known k left join late l on l.customer_id = k.customer_id
   union all
  select a.id, l.customer_id, a.bucket, null, null, l.due_date, l.since_date
    from (select * from late where not exists (select from known k where k.customer_id = late.customer_id)) l
   cross join lateral (select a.id, a.bucket from bills_account a where a.customer_id = l.customer_id offset 0) a
), aged as (
  select *,
         case
           when due_date is null then 'M0'
           when %(date)s::date - since_date > 180 then 'M7+'
           else 'M' || (%(date)s::date - since_date + 29) / 30
         end as to_bucket
    from account
), changed as materialized (
  select * from aged
   where (oldest_due_date, late_since_date) is distinct from (due_date, since_date) or bucket <> to_bucket
), moved as (
  insert into bills_bucketmove (customer_id, moved_date, from_bucket, to_bucket, oldest_due_date)
  select customer_id, %(date)s, bucket, to_bucket, due_date
    from changed where bucket <> to_bucket order by customer_id
)
update bills_account a
   set oldest_due_date = c.due_date, late_since_date = c.since_date, bucket = c.to_bucket
  from changed c
 where c.id = a.id and a.id = any(array(select id from changed))
