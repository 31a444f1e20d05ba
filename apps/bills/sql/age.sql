-- Brings each customer's oldest due date that is not met, as of the day, and the bucket that follows from it, to the day.
-- Only customers whose date or bucket changes are written; every change of bucket is kept as a move.
with oldest as (
  select customer_id, min(due_date) as due_date
    from bills_instalment
   where due_date < %(date)s
     and (met_date is null or met_date > %(date)s)
     and customer_id %% %(partitions)s = %(partition)s
   group by customer_id
), aged as (
  select a.id, a.customer_id, a.bucket as from_bucket, o.due_date,
         case
           when o.due_date is null then 'M0'
           when %(date)s::date - o.due_date > 180 then 'M7+'
           else 'M' || (%(date)s::date - o.due_date + 29) / 30
         end as to_bucket
    from bills_account a
    left join oldest o on o.customer_id = a.customer_id
   where a.customer_id %% %(partitions)s = %(partition)s
     and (a.oldest_due_date is not null or o.due_date is not null)
), moved as (
  insert into bills_bucketmove (customer_id, moved_date, from_bucket, to_bucket, oldest_due_date)
  select customer_id, %(date)s, from_bucket, to_bucket, due_date
    from aged where from_bucket <> to_bucket order by customer_id
)
update bills_account a
   set oldest_due_date = aged.due_date, bucket = aged.to_bucket
  from aged
 where aged.id = a.id
   and (a.oldest_due_date is distinct from aged.due_date or a.bucket <> aged.to_bucket)
