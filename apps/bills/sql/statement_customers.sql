-- Customers of the partition whom the product's statement of the day concerns: with a share to bill, or with something open.
-- Whoever has a statement of that day or a later one (out of a file, or of a cut that was done) is left out.
with product as (
  select id from bills_productterms where product_id = %(product)s
), concerned as (
  select p.customer_id
    from bills_purchase p
   cross join lateral (
     select count(*) as shares, coalesce(sum(principal), 0) as principal from bills_statementline where purchase_id = p.id
   ) billed
   cross join lateral (
     select coalesce(sum(unbilled), 0) as amount from bills_refund where purchase_id = p.id
   ) refunded
   where p.terms_id in (select id from product)
     and p.purchased_date < %(date)s
     and p.customer_id %% %(partitions)s = %(partition)s
     and (p.bill_id is null or billed.shares between 1 and p.instalments - 1)
     and p.amount > billed.principal + refunded.amount
  union
  select b.customer_id
    from bills_bill b
   where b.terms_id in (select id from product)
     and b.issued_date < %(date)s
     and coalesce(b.settled_date, b.written_off_date, 'infinity') > %(date)s
     and b.customer_id %% %(partitions)s = %(partition)s
)
select c.customer_id
  from concerned c
 where not exists (
   select from bills_bill b
    where b.customer_id = c.customer_id and b.issued_date >= %(date)s and b.terms_id in (select id from product)
 )
 order by c.customer_id
