-- Finds the repayments of `taken` that can be allocated without playing the whole account, because nothing that was booked
-- comes after them and nothing but open shares of purchases can take them: the customer's only repayment in the chunk, later
-- than every entry (bills of the day come first), no late day, no fee that waits to be charged, no statement, no agreement,
-- and in the whole ledger of the customer nothing but charges, payments and their reversals. All others are played.
insert into plain
select t.repayment_id, t.customer_id, t.bill_id, t.amount, t.received_date
  from taken t
 where not exists (select from bills_restructuring g where g.customer_id = t.customer_id)
   and not exists (select from taken o where o.customer_id = t.customer_id and o.repayment_id <> t.repayment_id)
   and not exists (
     select from bills_ledgerentry e
      where e.customer_id = t.customer_id
        and (e.effective_date > t.received_date
             or e.effective_date = t.received_date and (e.kind <> 'charge' or e.component = 'late_fee')
             or e.kind not in ('charge', 'payment', 'reversal')
             or e.component not in ('principal', 'instalment_fee', 'late_fee', 'credit')
             or e.kind = 'charge' and e.repayment_id is not null
             or /* other causes */ > 0)
   )
   and not exists (
     select from bills_bill b
       join bills_productterms c on c.id = b.terms_id
       join bills_product p on p.id = c.product_id
      where b.customer_id = t.customer_id
        and (p.mode <> 'order' or b.issued_date > t.received_date
             or b.settled_date is null and (
               b.open_late_fee <> 0 or b.open_cost <> 0 or round(b.late_fee_accrued, 2) <> b.late_fee_posted
               or not c.waterfall @> array['instalment_fee', 'principal']::varchar[]
             ))
   )
   and not exists (
     select from bills_instalment i
       join bills_bill b on b.id = i.bill_id
       join bills_productterms c on c.id = b.terms_id
      where i.customer_id = t.customer_id and i.met_date is null
        and (i.due_date < t.received_date or c.principal_first_after_days is not null and i.open_amount < i.amount)
   );
analyze plain
