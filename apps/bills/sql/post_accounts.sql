-- Brings the balances in line, and the last day that they speak of.
update bills_account a
   set balance = p.balance, credit_balance = p.credit_balance, latest_date = p.latest_date
  from posted_account p
 where p.customer_id = a.customer_id
   and (a.balance, a.credit_balance, a.latest_date) is distinct from (p.balance, p.credit_balance, p.latest_date)
