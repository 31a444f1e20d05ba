-- Takes the instalments of the new bills in order mode; a share of less than a cent is met from the start.
insert into bills_instalment (bill_id, customer_id, number, due_date, grace_days, amount, fee, open_amount, met_date)
select b.id, b.customer_id, s.number, s.due_date, t.grace_days, s.amount, s.fee, s.amount,
       case when s.amount = 0 then b.issued_date end
  from staged_share s join bills_bill b on b.reference = s.bill join bills_productterms t on t.id = b.terms_id
 order by b.id, s.number
