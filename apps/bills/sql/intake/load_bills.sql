-- Takes the bills that are new: as issued, nothing posted yet; the instalment fee is the sum of its shares'.
insert into bills_bill
  (reference, customer_id, terms_id, issued_date, principal, instalment_fee, open_principal, open_instalment_fee,
   open_late_fee, open_cost, late_fee_accrued, late_fee_posted, statement_balance, reported_status)
select s.reference, c.id, t.terms, s.issued_date, s.principal, coalesce(fee.amount, 0), s.principal,
       coalesce(fee.amount, 0), 0, 0, 0, 0, s.statement_balance, s.reported_status
  from staged_bills s
  join customers_customer c on c.reference = s.customer
  join staged_terms t
    on t.code = s.product and s.issued_date >= t.from_date and s.issued_date < coalesce(t.to_date, 'infinity')
  left join (select bill, sum(fee) as amount from staged_share group by bill) fee on fee.bill = s.reference
 where s.known is null
 order by s.row
