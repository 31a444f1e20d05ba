-- Charges accrued late fees and interest to the cent at a month's end: an entry a bill and component, what is open of the bill and
-- its account in the same statement. Posted is what is in the ledger already, so a second run charges nothing.
with due as (
  select b.id, b.customer_id, round(b.late_fee_accrued, 2) - b.late_fee_posted as late_fee,
         round(b.interest_accrued, 2) - b.interest_posted as interest
    from bills_bill b
   where b.settled_date is null
     and b.accrued_through_date <= %(date)s  -- earlier: what had come until an agreement that moved its dues
     and (round(b.late_fee_accrued, 2) <> b.late_fee_posted or round(b.interest_accrued, 2) <> b.interest_posted)
     and b.customer_id %% %(partitions)s = %(partition)s
), charged as (
  insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at)
  select due.customer_id, due.id, c.component, 'charge', c.amount, %(date)s, %(at)s
    from due cross join lateral (values ('late_fee', due.late_fee), ('interest', due.interest)) c (component, amount)
   where c.amount <> 0
   order by due.id
), owed as (
  update bills_account a set balance = a.balance + total.amount
    from (select customer_id, sum(late_fee + interest) as amount from due group by customer_id) total
   where total.customer_id = a.customer_id
)
update bills_bill b
   set open_late_fee = b.open_late_fee + due.late_fee, late_fee_posted = b.late_fee_posted + due.late_fee,
       open_interest = b.open_interest + due.interest, interest_posted = b.interest_posted + due.interest
  from due
 where due.id = b.id
