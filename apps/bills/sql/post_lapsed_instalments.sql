-- Removes what falls due no more: the minimum of a statement that asks for none after all, because money came earlier than
-- was known; the shares of a plan that was undone.
delete from bills_instalment i
 where i.customer_id = any(%(customers)s)
   and not exists (select from posted_instalment p where p.bill_id = i.bill_id and p.number = i.number)
