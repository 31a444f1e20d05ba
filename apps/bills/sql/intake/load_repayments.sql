-- Takes the repayments that are new.
insert into bills_repayment (reference, customer_id, bill_id, amount, received_date, channel, remainder, status)
select s.reference, c.id, b.id, s.amount, s.received_date, s.channel, 0, 'booked'
  from staged_repayments s
  join customers_customer c on c.reference = s.customer
  left join bills_bill b on b.reference = s.bill
 where s.known is null
 order by s.row
