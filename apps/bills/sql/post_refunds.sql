-- Keeps with each refund what of it is credit balance.
update bills_refund r
   set remainder = p.remainder
  from posted_remainder p
 where p.kind = 'refund' and p.id = r.id and r.customer_id = any(%(customers)s) and r.remainder <> p.remainder
