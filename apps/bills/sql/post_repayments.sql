-- Keeps with each repayment what of it is credit balance; a reversed one has none.
update bills_repayment r
   set remainder = coalesce((select p.remainder from posted_remainder p where p.kind = 'payment' and p.id = r.id), 0)
 where r.customer_id = any(%(customers)s)
   and r.remainder <> coalesce((select p.remainder from posted_remainder p where p.kind = 'payment' and p.id = r.id), 0)
