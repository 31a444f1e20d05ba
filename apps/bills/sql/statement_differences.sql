-- Statements whose balance is not what the ledger says was owed at the end of their day.
select b.reference, b.statement_balance, balance.owed
  from bills_bill b
 cross join lateral (
   select coalesce(sum(e.amount), 0) as owed from bills_ledgerentry e
    where e.customer_id = b.customer_id and e.effective_date <= b.issued_date
 ) balance
 where b.statement_balance is not null and b.statement_balance <> balance.owed
 order by b.id
