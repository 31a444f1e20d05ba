-- Says on each of the statements what is owed at the end of its day, as the ledger tells it.
update bills_bill b
   set statement_balance = owed.balance
  from (
    select s.id, sum(e.amount) as balance
      from bills_bill s
      join bills_ledgerentry e on e.customer_id = s.customer_id and e.effective_date <= s.issued_date
     where s.id = any(%(bills)s)
     group by s.id
  ) owed
 where owed.id = b.id
