-- Every difference between the ledger and what is kept beside it, to the cent; no row means that the book is whole.
-- Each grouping of the ledger is one pass over it, without a look into it for every bill, so that workers can share it.
with bill_entry as not materialized (
  select bill_id,
         coalesce(sum(amount) filter (where component = 'principal'), 0) as principal,
         coalesce(sum(amount) filter (where component = 'instalment_fee'), 0) as instalment_fee,
         coalesce(sum(amount) filter (where component = 'late_fee'), 0) as late_fee,
         coalesce(sum(amount) filter (where component = 'interest'), 0) as interest,
         coalesce(sum(amount) filter (where component = 'cost'), 0) as cost,
         coalesce(sum(amount) filter (
           where kind = 'charge' and component in ('principal', 'instalment_fee')
             and refund_id is null and repayment_id is null and restructuring_id is null
         ), 0) as charged
    from bills_ledgerentry where bill_id is not null group by bill_id
), account_entry as not materialized (
  select customer_id, sum(amount) as amount, -coalesce(sum(amount) filter (where component = 'credit'), 0) as credit
    from bills_ledgerentry group by customer_id
), received as not materialized (
  select repayment_id, refund_id, component, amount
    from bills_ledgerentry
   where (repayment_id is not null or refund_id is not null) and kind not in ('charge', 'reversal')
   union all
  select e.repayment_id, e.refund_id, e.component, e.amount
    from bills_ledgerentry e join bills_ledgerentry o on o.id = e.reverses_id and o.kind <> 'charge'
   where (e.repayment_id is not null or e.refund_id is not null) and e.kind = 'reversal'
), repayment_entry as not materialized (
  select repayment_id, -sum(amount) as amount, -coalesce(sum(amount) filter (where component = 'credit'), 0) as credit
    from received where repayment_id is not null group by repayment_id
), refund_entry as not materialized (
  select refund_id, -sum(amount) as amount, -coalesce(sum(amount) filter (where component = 'credit'), 0) as credit
    from received where refund_id is not null group by refund_id
)
select 'bill' as what, b.reference, c.part, c.kept, c.booked
  from bills_bill b
  left join bill_entry e on e.bill_id = b.id
 cross join lateral (values
   ('principal', b.open_principal, coalesce(e.principal, 0)),
   ('instalment_fee', b.open_instalment_fee, coalesce(e.instalment_fee, 0)),
   ('late_fee', b.open_late_fee, coalesce(e.late_fee, 0)),
   ('interest', b.open_interest, coalesce(e.interest, 0)),
   ('cost', b.open_cost, coalesce(e.cost, 0)),
   ('charged', b.principal + b.instalment_fee, coalesce(e.charged, 0))
 ) c (part, kept, booked)
 where c.kept <> c.booked
union all
select 'instalments', b.reference, 'open', b.open_principal + b.open_instalment_fee, i.amount
  from (select bill_id, sum(open_amount) as amount from bills_instalment group by bill_id) i
  join bills_bill b on b.id = i.bill_id and b.open_principal + b.open_instalment_fee <> i.amount
  join bills_productterms t on t.id = b.terms_id
  join bills_product p on p.id = t.product_id and p.mode = 'order'
union all
select 'repayment', r.reference, c.part, c.kept, c.booked
  from bills_repayment r
  left join repayment_entry e on e.repayment_id = r.id
 cross join lateral (values
   ('allocated and remainder', case when r.status = 'booked' then r.amount else 0 end, coalesce(e.amount, 0)),
   ('remainder', r.remainder, coalesce(e.credit, 0))
 ) c (part, kept, booked)
 where c.kept <> c.booked
union all
select 'refund', r.reference, c.part, c.kept, c.booked
  from bills_refund r
  left join refund_entry e on e.refund_id = r.id
 cross join lateral (values
   ('allocated and remainder', case when r.status = 'booked' then r.amount - r.unbilled else 0 end, coalesce(e.amount, 0)),
   ('remainder', r.remainder, coalesce(e.credit, 0))
 ) c (part, kept, booked)
 where c.kept <> c.booked
union all
select 'purchase', p.reference, 'refunded', sum(r.amount), p.amount
  from bills_purchase p join bills_refund r on r.purchase_id = p.id and r.status = 'booked'
 group by p.id having sum(r.amount) > p.amount
union all
select 'payout', p.reference, 'paid', p.amount, coalesce(sum(e.amount), 0)
  from bills_payout p left join bills_ledgerentry e on e.payout_id = p.id
 group by p.id having p.amount <> coalesce(sum(e.amount), 0)
union all
select 'account', customer.reference, c.part, c.kept, c.booked
  from bills_account a
  left join account_entry e on e.customer_id = a.customer_id
 cross join lateral (values
   ('balance', a.balance, coalesce(e.amount, 0)), ('credit balance', a.credit_balance, coalesce(e.credit, 0))
 ) c (part, kept, booked)
  join customers_customer customer on customer.id = a.customer_id
 where c.kept <> c.booked
union all
select 'reversal', e.id::text, e.component, -o.amount, e.amount
  from bills_ledgerentry e join bills_ledgerentry o on o.id = e.reverses_id
 where e.amount <> -o.amount or e.component <> o.component or e.effective_date <> o.effective_date
union all
select 'write-off', w.reference, 'recovered', coalesce(sum(e.amount) filter (where e.effective_date > w.written_off_date), 0),
       coalesce((
         select -sum(r.amount) from bills_ledgerentry r left join bills_ledgerentry o on o.id = r.reverses_id
          where r.bill_id = w.bill_id and 'recovery' in (r.kind, o.kind)
       ), 0)
  from bills_writeoff w left join bills_ledgerentry e on e.write_off_id = w.id
 where w.reversed_date is null
 group by w.id
having coalesce(sum(e.amount) filter (where e.effective_date > w.written_off_date), 0) <> coalesce((
         select -sum(r.amount) from bills_ledgerentry r left join bills_ledgerentry o on o.id = r.reverses_id
          where r.bill_id = w.bill_id and 'recovery' in (r.kind, o.kind)
       ), 0)
union all
select 'write-off', w.reference, e.component, least(sum(e.amount), 0), sum(e.amount)
  from bills_writeoff w join bills_ledgerentry e on e.write_off_id = w.id
 group by w.id, e.component
having sum(e.amount) > 0 or w.reversed_date is not null and sum(e.amount) <> 0
union all
select 'book', 'all', 'lent less paid', kept.amount, booked.amount
  from (select coalesce(sum(balance), 0) as amount from bills_account) kept
  join (select coalesce(sum(amount), 0) as amount from bills_ledgerentry) booked on kept.amount <> booked.amount
union all
select 'suspense', s.reference, 'assigned', s.amount, coalesce(r.amount, 0)
  from bills_suspenseitem s left join bills_repayment r on r.id = s.repayment_id
 where s.status = 'assigned' and (r.amount, r.reference, r.received_date) is distinct from (s.amount, s.reference, s.received_date)
union all
select 'suspense', s.reference, 'booked beside', 0, r.amount
  from bills_suspenseitem s join bills_repayment r on r.reference = s.reference
 where s.repayment_id is distinct from r.id
