-- The customers whose accounts the new rows change.
select c.id from customers_customer c
 where c.reference in (
   select customer from staged_bills where known is null union
   select customer from staged_repayments where known is null union
   select customer from staged_refunds where known is null
 )
 order by c.id
