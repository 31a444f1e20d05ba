-- Takes the refunds that are new; what of each lowers a purchase that no statement has billed yet follows when they are posted.
insert into bills_refund (reference, customer_id, purchase_id, amount, refunded_date, unbilled, remainder)
select s.reference, c.id, p.id, s.amount, s.refunded_date, 0, 0
  from staged_refunds s
  join customers_customer c on c.reference = s.customer
  left join bills_purchase p on p.reference = s.purchase
 where s.known is null
 order by s.row
