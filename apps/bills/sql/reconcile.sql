-- Every difference between the ledger and what is kept beside it, to the cent; no row means that the book is whole.
select 'bill' as what, b.reference, s.component, s.kept, s.booked
  from (
    select b.id, c.component, c.kept, coalesce(sum(e.amount) filter (where e.component = c.component), 0) as booked
      from bills_bill b
      cross join lateral (values
        ('principal', b.open_principal), ('instalment_fee', b.open_instalment_fee),
        ('late_fee', b.open_late_fee), ('interest', b.open_interest), ('cost', b.open_cost)
      ) c (component, kept)
      left join bills_ledgerentry e on e.bill_id = b.id
     group by b.id, c.component, c.kept
  ) s join bills_bill b on b.id = s.id
 where s.kept <> s.booked
union all
select 'bill', b.reference, 'charged', b.principal + b.instalment_fee, coalesce(sum(e.amount), 0)
  from bills_bill b
  left join bills_ledgerentry e
    on e.bill_id = b.id and e.kind = 'charge' and e.component in ('principal', 'instalment_fee')
   and e.refund_id is null and e.repayment_id is null and e.restructuring_id is null
 group by b.id having b.principal + b.instalment_fee <> coalesce(sum(e.amount), 0)
union all
select 'instalments', b.reference, 'open', b.open_principal + b.open_instalment_fee, sum(i.open_amount)
  from bills_bill b
  join bills_productterms t on t.id = b.terms_id
  join bills_product p on p.id = t.product_id and p.mode = 'order'
  join bills_instalment i on i.bill_id = b.id
 group by b.id having b.open_principal + b.open_instalment_fee <> sum(i.open_amount)
union all
select 'repayment', r.reference, 'allocated and remainder',
       case when r.status = 'booked' then r.amount else 0 end, coalesce(-sum(e.amount), 0)
  from bills_repayment r
  left join (bills_ledgerentry e left join bills_ledgerentry o on o.id = e.reverses_id)
    on e.repayment_id = r.id and coalesce(o.kind, e.kind) <> 'charge'
 group by r.id having case when r.status = 'booked' then r.amount else 0 end <> coalesce(-sum(e.amount), 0)
union all
select 'repayment', r.reference, 'remainder', r.remainder, coalesce(-sum(e.amount), 0)
  from bills_repayment r left join bills_ledgerentry e on e.repayment_id = r.id and e.component = 'credit'
 group by r.id having r.remainder <> coalesce(-sum(e.amount), 0)
union all
select 'refund', r.reference, 'allocated and remainder',
       case when r.status = 'booked' then r.amount - r.unbilled else 0 end, coalesce(-sum(e.amount), 0)
  from bills_refund r
  left join (bills_ledgerentry e left join bills_ledgerentry o on o.id = e.reverses_id)
    on e.refund_id = r.id and coalesce(o.kind, e.kind) <> 'charge'
 group by r.id
having case when r.status = 'booked' then r.amount - r.unbilled else 0 end <> coalesce(-sum(e.amount), 0)
union all
select 'refund', r.reference, 'remainder', r.remainder, coalesce(-sum(e.amount), 0)
  from bills_refund r left join bills_ledgerentry e on e.refund_id = r.id and e.component = 'credit'
 group by r.id having r.remainder <> coalesce(-sum(e.amount), 0)
union all
select 'purchase', p.reference, 'refunded', sum(r.amount), p.amount
  from bills_purchase p join bills_refund r on r.purchase_id = p.id and r.status = 'booked'
 group by p.id having sum(r.amount) > p.amount
union all
select 'payout', p.reference, 'paid', p.amount, coalesce(sum(e.amount), 0)
  from bills_payout p left join bills_ledgerentry e on e.payout_id = p.id
 group by p.id having p.amount <> coalesce(sum(e.amount), 0)
union all
select 'account', c.reference, 'balance', a.balance, coalesce(sum(e.amount), 0)
  from bills_account a
  join customers_customer c on c.id = a.customer_id
  left join bills_ledgerentry e on e.customer_id = a.customer_id
 group by a.id, c.id having a.balance <> coalesce(sum(e.amount), 0)
union all
select 'account', c.reference, 'credit balance', a.credit_balance, coalesce(-sum(e.amount), 0)
  from bills_account a
  join customers_customer c on c.id = a.customer_id
  left join bills_ledgerentry e on e.customer_id = a.customer_id and e.component = 'credit'
 group by a.id, c.id having a.credit_balance <> coalesce(-sum(e.amount), 0)
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
select 'book', 'all', 'lent less paid', coalesce((select sum(balance) from bills_account), 0),
       coalesce((select sum(amount) from bills_ledgerentry), 0)
 where coalesce((select sum(balance) from bills_account), 0) <> coalesce((select sum(amount) from bills_ledgerentry), 0)
union all
select 'suspense', s.reference, 'assigned', s.amount, coalesce(r.amount, 0)
  from bills_suspenseitem s left join bills_repayment r on r.id = s.repayment_id
 where s.status = 'assigned' and (r.amount, r.reference, r.received_date) is distinct from (s.amount, s.reference, s.received_date)
union all
select 'suspense', s.reference, 'booked beside', 0, r.amount
  from bills_suspenseitem s join bills_repayment r on r.reference = s.reference
 where s.repayment_id is distinct from r.id
