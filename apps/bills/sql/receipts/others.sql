-- The customers of the taken repayments that are not plain: their accounts are played.
select distinct customer_id from taken
 where repayment_id not in (select repayment_id from plain) order by customer_id
