-- The customers' purchases with a share that no statement has billed: the terms, the shares billed, what was refunded before.
select p.customer_id, p.id, p.amount, p.instalments, p.terms_id, billed.shares, refunded.amount
  from bills_purchase p
  join bills_productterms t on t.id = p.terms_id and t.product_id = %(product)s
 cross join lateral (
   select count(*) as shares, coalesce(sum(principal), 0) as principal from bills_statementline where purchase_id = p.id
 ) billed
 cross join lateral (
   select coalesce(sum(unbilled), 0) as amount from bills_refund where purchase_id = p.id
 ) refunded
 where p.customer_id = any(%(customers)s)
   and p.purchased_date < %(date)s
   and (p.bill_id is null or billed.shares between 1 and p.instalments - 1)
   and p.amount > billed.principal + refunded.amount
 order by p.customer_id, p.purchased_date, p.id
