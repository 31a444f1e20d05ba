-- Brings the balances in line.
update bills_account a
   set balance = p.balance, credit_balance = p.credit_balance
  from posted_account p
 where p.customer_id = a.customer_id
   and (a.balance, a.credit_balance) is distinct from (p.balance, p.credit_balance)
