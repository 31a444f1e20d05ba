-- Takes the credit lines of the temporary table staged_credit_lines that the book does not know (`known` is null).
insert into credit_creditline (reference, customer_id, currency, "limit", opened_date)
select s.reference, c.id, s.currency, s."limit", s.opened_date
  from staged_credit_lines s join customers_customer c on c.reference = s.customer
 where s.known is null
 order by s.row
