-- Keeps with each refund what of it is credit balance and what no bill will ask for; a reversed one has neither.
update bills_refund r
   set remainder = coalesce(p.remainder, 0), unbilled = coalesce(p.unbilled, 0)
  from bills_refund f
  left join posted_remainder p on p.kind = 'refund' and p.id = f.id
 where f.id = r.id and f.customer_id = any(%(customers)s)
   and (r.remainder, r.unbilled) is distinct from (coalesce(p.remainder, 0), coalesce(p.unbilled, 0))
