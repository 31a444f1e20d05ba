-- Locks the accounts in one order, so that two postings wait for each other and never deadlock.
select id from bills_account where customer_id = any(%(customers)s) order by customer_id for update
