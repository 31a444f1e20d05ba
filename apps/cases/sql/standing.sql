-- What each concerned customer owed at the end of the day, and how much of it was due before the horizon (the day itself:
-- what is overdue), whatever has been booked since for later days.
--   balance: every ledger entry effective by the day.
--   order mode: what of a bill was due before the horizon, less what was paid on its principal and fees by the day.
--   statement mode: money meets the minimums of all statements, the oldest first. Take the last moment at which none was
--   open (a statement that found every earlier minimum met before it was issued): what was demanded since and due before the
--   horizon, less what was received since.
insert into cases_standing (customer_id, overdue_amount, balance)
with bill as (
  select b.id, b.customer_id, b.issued_date, b.principal + b.instalment_fee as billed, p.mode = 'statement' as is_statement
    from cases_concerned c
    join bills_bill b on b.customer_id = c.customer_id and b.issued_date <= %(date)s
    join bills_productterms t on t.id = b.terms_id
    join bills_product p on p.id = t.product_id
), entry as (
  select e.customer_id, e.bill_id, e.amount, e.effective_date,
         e.component in ('principal', 'instalment_fee') as settles_bill,
         e.component in ('principal', 'instalment_fee', 'credit')
           and (e.repayment_id is not null or e.refund_id is not null) as is_received
    from cases_concerned c
    join bills_ledgerentry e on e.customer_id = c.customer_id and e.effective_date <= %(date)s
), balance as (
  select customer_id, sum(amount) as amount from entry group by customer_id
), share_due as (
  select i.bill_id, sum(i.amount) as amount
    from bill b join bills_instalment i on i.bill_id = b.id
   where not b.is_statement and i.due_date < %(horizon)s
   group by i.bill_id
), order_overdue as (
  select b.customer_id, sum(greatest(d.amount - b.billed + coalesce(o.amount, 0), 0)) as amount
    from bill b
    join share_due d on d.bill_id = b.id
    left join (
      select bill_id, sum(amount) as amount from entry where settles_bill group by bill_id
    ) o on o.bill_id = b.id
   group by b.customer_id
), minimum as (
  select b.customer_id, b.issued_date, i.due_date, i.amount,
         max(coalesce(i.met_date, 'infinity')) over (
           partition by b.customer_id order by i.due_date, b.issued_date, i.id
           rows between unbounded preceding and 1 preceding
         ) as earlier_met_date
    from bill b
    join bills_instalment i on i.bill_id = b.id
   where b.is_statement
), since as (
  select customer_id, max(issued_date) as issued_date
    from minimum
   where earlier_met_date is null or earlier_met_date < issued_date
   group by customer_id
), demanded as (
  select m.customer_id, sum(m.amount) as amount
    from minimum m
    join since s on s.customer_id = m.customer_id and m.issued_date >= s.issued_date
   where m.due_date < %(horizon)s
   group by m.customer_id
), received as (
  select e.customer_id, -sum(e.amount) as amount
    from entry e
    join since s on s.customer_id = e.customer_id and e.effective_date >= s.issued_date
    left join bill b on b.id = e.bill_id
   where e.is_received and coalesce(b.is_statement, true)
   group by e.customer_id
), statement_overdue as (
  select d.customer_id, greatest(d.amount - coalesce(r.amount, 0), 0) as amount
    from demanded d left join received r on r.customer_id = d.customer_id
)
select c.customer_id, coalesce(o.amount, 0) + coalesce(s.amount, 0), coalesce(b.amount, 0)
  from cases_concerned c
  left join balance b on b.customer_id = c.customer_id
  left join order_overdue o on o.customer_id = c.customer_id
  left join statement_overdue s on s.customer_id = c.customer_id
 order by c.customer_id
