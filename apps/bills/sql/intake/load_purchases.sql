-- Takes the purchases that are new, with the bill that names them or the statement that they name.
insert into bills_purchase
  (reference, customer_id, terms_id, bill_id, purchased_date, amount, instalments, merchant, order_reference)
select s.reference, c.id, t.terms, b.id, s.purchased_date, s.amount, s.instalments, s.merchant, s.order_reference
  from staged_purchases s
  join customers_customer c on c.reference = s.customer
  join staged_terms t
    on t.code = s.product and s.purchased_date >= t.from_date and s.purchased_date < coalesce(t.to_date, 'infinity')
  left join staged_bills naming on naming.purchase = s.reference and naming.purchase <> ''
  left join bills_bill b on b.reference = coalesce(nullif(s.bill, ''), naming.reference)
 where s.known is null
 order by s.row
