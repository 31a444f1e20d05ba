-- Charges accrued late fees to the cent at a month's end: one entry a bill, its open late fee and its account in the same statement.
-- Posted is what is in the ledger already, so a second run charges nothing.
with due as (
  select b.id, b.customer_id, round(b.late_fee_accrued, 2) - b.late_fee_posted as amount
    from bills_bill b
   where b.settled_date is null
     and b.accrued_through_date = %(date)s
     and round(b.late_fee_accrued, 2) <> b.late_fee_posted
     and b.customer_id %% %(partitions)s = %(partition)s
), charged as (
  insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at)
  select customer_id, id, 'late_fee', 'charge', amount, %(date)s, %(at)s from due order by id
), owed as (
  update bills_account a set balance = a.balance + total.amount
    from (select customer_id, sum(amount) as amount from due group by customer_id) total
   where total.customer_id = a.customer_id
)
update bills_bill b
   set open_late_fee = b.open_late_fee + due.amount, late_fee_posted = b.late_fee_posted + due.amount
  from due
 where due.id = b.id
