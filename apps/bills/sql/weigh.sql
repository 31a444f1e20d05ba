-- Weighs the ledger against what is kept beside it: nothing (0, false) if the book is whole.
-- Every sum that `reconcile` compares is given a weight of 60 bits, drawn by hashing its key and its number with the caller's seed;
-- an entry weighs its amount times the weights of all sums that it is a part of, and so does each kept amount on the other side.
-- Promises: sums that are all equal weigh the same to the cent; if one differs, both sides weigh the same for one seed in 2^60.
-- One scan of the ledger, in which nothing is grouped. Sums: 1 to 5 a bill's components, 6 what was charged for it, 7 an account's
-- balance, 8 its credit, 9 and 10 what a repayment paid and left, 11 and 12 a refund, 13 a payout, 14 what instalments demand.
-- What concerns few rows (reversals, refunds of a purchase, write-offs, suspense) is compared one by one.
with ledger as (
  select sum(amount * (
           coalesce(
             hashint8extended(bill_id, %(seed)s + case component when 'principal' then 1 when 'instalment_fee' then 2
                                                  when 'late_fee' then 3 when 'interest' then 4 else 5 end) >> 4, 0)
           + case when kind = 'charge' and component in ('principal', 'instalment_fee') and refund_id is null
                   and repayment_id is null and restructuring_id is null
                  then hashint8extended(bill_id, %(seed)s + 6) >> 4 else 0 end
           + (hashint8extended(customer_id, %(seed)s + 7) >> 4)
           - case when component = 'credit' then hashint8extended(customer_id, %(seed)s + 8) >> 4 else 0 end
           - case when repayment_id is not null and kind <> 'charge'
                  then (hashint8extended(repayment_id, %(seed)s + 9) >> 4)
                       + case when component = 'credit' then hashint8extended(repayment_id, %(seed)s + 10) >> 4 else 0 end
                  else 0 end
           - case when refund_id is not null and kind <> 'charge'
                  then (hashint8extended(refund_id, %(seed)s + 11) >> 4)
                       + case when component = 'credit' then hashint8extended(refund_id, %(seed)s + 12) >> 4 else 0 end
                  else 0 end
           + coalesce(hashint8extended(payout_id, %(seed)s + 13) >> 4, 0)
         )::numeric) as weight
    from bills_ledgerentry
), dropped as (  -- fees dropped at early settlement: a reversal of a charge is no part of what the money paid
  select sum(e.amount * (
           case when o.repayment_id is not null then coalesce(
                  (hashint8extended(e.repayment_id, %(seed)s + 9) >> 4)
                  + case when e.component = 'credit' then hashint8extended(e.repayment_id, %(seed)s + 10) >> 4 else 0 end, 0)
                else 0 end
           + case when o.refund_id is not null then coalesce(
                  (hashint8extended(e.refund_id, %(seed)s + 11) >> 4)
                  + case when e.component = 'credit' then hashint8extended(e.refund_id, %(seed)s + 12) >> 4 else 0 end, 0)
                  else 0 end
         )::numeric) as weight
    from bills_ledgerentry e
    join bills_ledgerentry o on o.id = e.reverses_id and o.kind = 'charge'
   where e.reverses_id is not null and e.kind = 'reversal' and (e.repayment_id is not null or e.refund_id is not null)
), bill as (  -- most bills are paid: nothing of them is open
  select sum(
           (b.principal + b.instalment_fee) * (hashint8extended(b.id, %(seed)s + 6) >> 4)::numeric
           + case when b.open_principal <> 0 or b.open_instalment_fee <> 0
                  then b.open_principal * (hashint8extended(b.id, %(seed)s + 1) >> 4)::numeric
                       + b.open_instalment_fee * (hashint8extended(b.id, %(seed)s + 2) >> 4)::numeric
                       + case p.mode when 'order' then (b.open_principal + b.open_instalment_fee)
                                                       * (hashint8extended(b.id, %(seed)s + 14) >> 4)::numeric
                         else 0 end
                  else 0 end
           + case when b.open_late_fee <> 0 then b.open_late_fee * (hashint8extended(b.id, %(seed)s + 3) >> 4)::numeric else 0 end
           + case when b.open_interest <> 0 then b.open_interest * (hashint8extended(b.id, %(seed)s + 4) >> 4)::numeric else 0 end
           + case when b.open_cost <> 0 then b.open_cost * (hashint8extended(b.id, %(seed)s + 5) >> 4)::numeric else 0 end
         ) as weight
    from bills_bill b
    join bills_productterms t on t.id = b.terms_id
    join bills_product p on p.id = t.product_id
), demand as (
  select sum(open_amount * (hashint8extended(bill_id, %(seed)s + 14) >> 4)::numeric) as weight
    from bills_instalment where met_date is null
), minimum as (  -- what a statement demands is less than is open of it, so it is no part of that sum
  select sum(i.open_amount * (hashint8extended(i.bill_id, %(seed)s + 14) >> 4)::numeric) as weight
    from bills_product p
    join bills_productterms t on t.product_id = p.id
    join bills_bill b on b.terms_id = t.id
    join bills_instalment i on i.bill_id = b.id and i.met_date is null
   where p.mode = 'statement'
), account as (
  select sum(balance * (hashint8extended(customer_id, %(seed)s + 7) >> 4)::numeric
             + credit_balance * (hashint8extended(customer_id, %(seed)s + 8) >> 4)::numeric) as weight
    from bills_account
), repayment as (
  select sum(case status when 'booked' then amount else 0 end * (hashint8extended(id, %(seed)s + 9) >> 4)::numeric
             + remainder * (hashint8extended(id, %(seed)s + 10) >> 4)::numeric) as weight
    from bills_repayment
), refund as (
  select sum(case status when 'booked' then amount - unbilled else 0 end * (hashint8extended(id, %(seed)s + 11) >> 4)::numeric
             + remainder * (hashint8extended(id, %(seed)s + 12) >> 4)::numeric) as weight
    from bills_refund
), payout as (
  select sum(case status when 'booked' then amount else 0 end * (hashint8extended(id, %(seed)s + 13) >> 4)::numeric) as weight
    from bills_payout
)
select coalesce(l.weight, 0) + coalesce(d.weight, 0) + coalesce(m.weight, 0) - coalesce(s.weight, 0) - coalesce(b.weight, 0) - coalesce(a.weight, 0)
         - coalesce(r.weight, 0) - coalesce(f.weight, 0) - coalesce(p.weight, 0),
       exists (
         select from bills_ledgerentry e join bills_ledgerentry o on o.id = e.reverses_id
          where e.reverses_id is not null
            and (e.amount <> -o.amount or e.component <> o.component or e.effective_date <> o.effective_date)
       ) or exists (
         select from bills_purchase p
           join (
             select purchase_id, sum(amount) as amount from bills_refund
              where status = 'booked' and purchase_id is not null group by purchase_id
           ) r on r.purchase_id = p.id
          where r.amount > p.amount
       ) or exists (
         select from bills_writeoff w
          where w.reversed_date is null
            and coalesce((
                  select sum(e.amount) from bills_ledgerentry e
                   where e.write_off_id = w.id and e.effective_date > w.written_off_date
                ), 0) <> coalesce((
                  select -sum(e.amount) from bills_ledgerentry e
                    left join bills_ledgerentry o on o.id = e.reverses_id
                   where e.bill_id = w.bill_id and (e.kind = 'recovery' or e.kind = 'reversal' and o.kind = 'recovery')
                ), 0)
       ) or exists (
         select from bills_writeoff w
           join (
             select write_off_id, component, sum(amount) as amount
               from bills_ledgerentry where write_off_id is not null group by write_off_id, component
           ) e on e.write_off_id = w.id
          where e.amount > 0 or w.reversed_date is not null and e.amount <> 0
       ) or exists (
         select from bills_suspenseitem s left join bills_repayment r on r.id = s.repayment_id
          where s.status = 'assigned'
            and (r.amount, r.reference, r.received_date) is distinct from (s.amount, s.reference, s.received_date)
       ) or exists (
         select from bills_suspenseitem s join bills_repayment r on r.reference = s.reference
          where s.repayment_id is distinct from r.id
       )
  from ledger l, dropped d, demand m, minimum s, bill b, account a, repayment r, refund f, payout p
