-- Keeps with each repayment what of it is credit balance; a reversed one has none.
update bills_repayment r
   set remainder = coalesce(p.remainder, 0)
  from bills_repayment same
  left join posted_remainder p on p.kind = 'payment' and p.id = same.id
 where same.id = r.id and r.customer_id = any(%(customers)s) and r.remainder <> coalesce(p.remainder, 0)
