-- What was billed under each product, what is kept open of it and what the ledger says is open: the totals of the whole book.
-- Promises: one pass over the bills; `off` holds what differs of which bill, which is all in which the ledger says otherwise.
select p.code, p.currency, k.bills, k.billed, k.open, k.open - k.off
  from (
    select t.product_id, count(*) as bills, sum(b.principal + b.instalment_fee) as billed,
           sum(b.open_principal + b.open_instalment_fee + b.open_late_fee + b.open_interest + b.open_cost) as open,
           coalesce(sum(d.amount), 0) as off
      from bills_bill b
      join bills_productterms t on t.id = b.terms_id
      left join unnest(%(bills)s::text[], %(amounts)s::numeric[]) d (reference, amount) on d.reference = b.reference
     group by t.product_id
  ) k
  join bills_product p on p.id = k.product_id
 order by p.code
