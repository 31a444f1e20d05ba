-- Counts the day as held for the partition's open cases that are late and in a hold that stops the clock, unless the account is
-- paused: then the day does not count as late in the first place. Answers how many.
with counted as (
  update cases_case c
     set held_days = held_days + 1
    from bills_account a
   where a.customer_id = c.customer_id and a.late_since_date <= %(date)s
     and c.status = 'open' and c.opened_date < %(date)s and c.customer_id %% %(partitions)s = %(partition)s
     and exists (
       select from cases_hold h
        where h.customer_id = c.customer_id and h.kind = any(%(clock_kinds)s)
          and h.start_date <= %(date)s and (h.end_date is null or h.end_date > %(date)s)
     )
     and not exists (
       select from bills_pause p
        where p.customer_id = c.customer_id and p.cancelled_at is null
          and p.start_date <= %(date)s and (p.end_date is null or p.end_date > %(date)s)
     )
  returning 1
)
select count(*) from counted
