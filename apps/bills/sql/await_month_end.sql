-- Where one of the customers has no account yet: waits until no partition of the close (64 at most) is at a month's end, and lets none
-- begin before the transaction is over.
select pg_advisory_xact_lock_shared(%(lock)s, part)
  from generate_series(0, 63) as part
 where exists (
   select from unnest(%(customers)s::bigint[]) as asked (id)
    where not exists (select from bills_account a where a.customer_id = asked.id)
 )
