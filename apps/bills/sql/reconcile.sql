-- Every difference between the ledger and what is kept beside it, to the cent; no row means that the book is whole.
-- Promises: each check groups the ledger once and reads what is kept beside it once, so that workers take a check each; what
-- differs is unfolded only after it was found to differ. A sum over every account is a sum over the whole book.
with found as (
  select what, case what when 'account' then (select c.reference from customers_customer c where c.id = f.reference::bigint)
                         else reference end as reference, part, kept, booked
    from (
      select c.what::text as what, d.reference::text as reference, c.part::text as part, c.kept::numeric as kept,
             c.booked::numeric as booked
        from (
          select b.reference, b.open_principal, b.open_instalment_fee, b.open_late_fee, b.open_interest, b.open_cost,
                 b.principal + b.instalment_fee as billed, b.open_principal + b.open_instalment_fee as open,
                 coalesce(e.principal, 0) as principal, coalesce(e.instalment_fee, 0) as instalment_fee,
                 coalesce(e.late_fee, 0) as late_fee, coalesce(e.interest, 0) as interest, coalesce(e.cost, 0) as cost,
                 coalesce(e.charged, 0) as charged,
                 case p.mode when 'order' then coalesce(i.amount, 0) else b.open_principal + b.open_instalment_fee end as demanded
            from bills_bill b
            join bills_productterms t on t.id = b.terms_id
            join bills_product p on p.id = t.product_id
            left join (
              select bill_id,
                     sum(amount) filter (where component = 'principal') as principal,
                     sum(amount) filter (where component = 'instalment_fee') as instalment_fee,
                     sum(amount) filter (where component = 'late_fee') as late_fee,
                     sum(amount) filter (where component = 'interest') as interest,
                     sum(amount) filter (where component = 'cost') as cost,
                     sum(amount) filter (
                       where kind = 'charge' and component in ('principal', 'instalment_fee')
                         and refund_id is null and repayment_id is null and restructuring_id is null
                     ) as charged
                from bills_ledgerentry where bill_id is not null group by bill_id
            ) e on e.bill_id = b.id
            left join (
              select bill_id, sum(open_amount) as amount from bills_instalment where met_date is null group by bill_id
            ) i on i.bill_id = b.id
        ) d
       cross join lateral (values
         ('bill', 'principal', d.open_principal, d.principal), ('bill', 'instalment_fee', d.open_instalment_fee, d.instalment_fee),
         ('bill', 'late_fee', d.open_late_fee, d.late_fee), ('bill', 'interest', d.open_interest, d.interest),
         ('bill', 'cost', d.open_cost, d.cost), ('bill', 'charged', d.billed, d.charged),
         ('instalments', 'open', d.open, d.demanded)
       ) c (what, part, kept, booked)
       where (d.open_principal, d.open_instalment_fee, d.open_late_fee, d.open_interest, d.open_cost, d.billed, d.open)
             <> (d.principal, d.instalment_fee, d.late_fee, d.interest, d.cost, d.charged, d.demanded)
         and c.kept <> c.booked
      union all
      select 'account'::text, d.customer_id::text, c.part::text, c.kept::numeric, c.booked::numeric
        from (
          select customer_id, coalesce(a.balance, 0) as balance, coalesce(e.amount, 0) as amount,
                 coalesce(a.credit_balance, 0) as credit_balance, coalesce(e.credit, 0) as credit
            from bills_account a
            full join (
              select customer_id, sum(amount) as amount, -sum(amount) filter (where component = 'credit') as credit
                from bills_ledgerentry group by customer_id
            ) e using (customer_id)
        ) d
       cross join lateral (values
         ('balance', d.balance, d.amount), ('credit balance', d.credit_balance, d.credit)
       ) c (part, kept, booked)
       where (d.balance, d.credit_balance) <> (d.amount, d.credit) and c.kept <> c.booked
      union all
      -- What a repayment paid is all that it caused but charges and their reversals (fees dropped at early settlement).
      select 'repayment'::text, d.reference::text, c.part::text, c.kept::numeric, c.booked::numeric
        from (
          select r.reference, case r.status when 'booked' then r.amount else 0 end as taken, r.remainder,
                 coalesce(e.amount, 0) as amount, coalesce(e.credit, 0) as credit
            from bills_repayment r
            left join (
              select repayment_id, -sum(amount) as amount, -sum(amount) filter (where component = 'credit') as credit
                from bills_ledgerentry
               where repayment_id is not null and kind <> 'charge'
                 and case when kind = 'reversal' then reverses_id not in (
                       select id from bills_ledgerentry where repayment_id is not null and kind = 'charge'
                     ) else true end
               group by repayment_id
            ) e on e.repayment_id = r.id
        ) d
       cross join lateral (values
         ('allocated and remainder', d.taken, d.amount), ('remainder', d.remainder, d.credit)
       ) c (part, kept, booked)
       where (d.taken, d.remainder) <> (d.amount, d.credit) and c.kept <> c.booked
      union all
      select 'refund'::text, r.reference::text, c.part::text, c.kept::numeric, c.booked::numeric
        from bills_refund r
        left join (
          select refund_id, -sum(amount) as amount, -sum(amount) filter (where component = 'credit') as credit
            from bills_ledgerentry
           where refund_id is not null and kind <> 'charge'
             and case when kind = 'reversal' then reverses_id not in (
                   select id from bills_ledgerentry where refund_id is not null and kind = 'charge'
                 ) else true end
           group by refund_id
        ) e on e.refund_id = r.id
       cross join lateral (values
         ('allocated and remainder', case r.status when 'booked' then r.amount - r.unbilled else 0 end, coalesce(e.amount, 0)),
         ('remainder', r.remainder, coalesce(e.credit, 0))
       ) c (part, kept, booked)
       where c.kept <> c.booked
      union all
      select 'purchase'::text, p.reference::text, 'refunded'::text, r.amount::numeric, p.amount::numeric
        from (
          select purchase_id, sum(amount) as amount from bills_refund
           where status = 'booked' and purchase_id is not null group by purchase_id
        ) r
        join bills_purchase p on p.id = r.purchase_id and r.amount > p.amount
      union all
      select 'payout'::text, p.reference::text, 'paid'::text, p.amount::numeric, coalesce(e.amount, 0)::numeric
        from (select id, reference, case status when 'booked' then amount else 0 end as amount from bills_payout) p
        left join (
          select payout_id, sum(amount) as amount from bills_ledgerentry where payout_id is not null group by payout_id
        ) e on e.payout_id = p.id
       where p.amount <> coalesce(e.amount, 0)
      union all
      select 'reversal'::text, e.id::text, e.component::text, -o.amount::numeric, e.amount::numeric
        from bills_ledgerentry e join bills_ledgerentry o on o.id = e.reverses_id
       where e.reverses_id is not null
         and (e.amount <> -o.amount or e.component <> o.component or e.effective_date <> o.effective_date)
      union all
      -- What came back to a write-off that stands is what its bill recovered.
      select 'write-off'::text, w.reference::text, 'recovered'::text, coalesce(e.amount, 0)::numeric, coalesce(r.amount, 0)::numeric
        from bills_writeoff w
        left join (
          select v.id, sum(e.amount) as amount
            from bills_writeoff v join bills_ledgerentry e on e.write_off_id = v.id and e.effective_date > v.written_off_date
           group by v.id
        ) e on e.id = w.id
        left join (
          select bill_id, -sum(amount) as amount
            from bills_ledgerentry
           where kind = 'recovery'
              or kind = 'reversal' and reverses_id in (select id from bills_ledgerentry where kind = 'recovery')
           group by bill_id
        ) r on r.bill_id = w.bill_id
       where w.reversed_date is null and coalesce(e.amount, 0) <> coalesce(r.amount, 0)
      union all
      select 'write-off'::text, w.reference::text, e.component::text, least(e.amount, 0)::numeric, e.amount::numeric
        from bills_writeoff w
        join (
          select write_off_id, component, sum(amount) as amount
            from bills_ledgerentry where write_off_id is not null group by write_off_id, component
        ) e on e.write_off_id = w.id
       where e.amount > 0 or w.reversed_date is not null and e.amount <> 0
      union all
      select 'suspense'::text, s.reference::text, 'assigned'::text, s.amount::numeric, coalesce(r.amount, 0)::numeric
        from bills_suspenseitem s left join bills_repayment r on r.id = s.repayment_id
       where s.status = 'assigned' and (r.amount, r.reference, r.received_date) is distinct from (s.amount, s.reference, s.received_date)
      union all
      select 'suspense'::text, s.reference::text, 'booked beside'::text, 0::numeric, r.amount::numeric
        from bills_suspenseitem s join bills_repayment r on r.reference = s.reference
       where s.repayment_id is distinct from r.id
    ) f
)
select what, reference, part, kept, booked from found
union all
select 'book', 'all', 'lent less paid', a.balance, a.balance - d.amount
  from (select sum(kept - booked) as amount from found where what = 'account' and part = 'balance') d
  join (select coalesce(sum(balance), 0) as balance from bills_account) a on d.amount <> 0
