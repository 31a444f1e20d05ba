-- Brings the instalments in line: shares of a purchase keep their date and amount, minimums of statements follow the balance.
insert into bills_instalment as i (bill_id, customer_id, number, due_date, amount, fee, open_amount, met_date)
select bill_id, customer_id, number, due_date, amount, fee, open_amount, met_date from posted_instalment
 order by customer_id, bill_id, number
    on conflict (bill_id, number) do update
   set due_date = excluded.due_date, amount = excluded.amount, open_amount = excluded.open_amount,
       met_date = excluded.met_date
 where (i.due_date, i.amount, i.open_amount, i.met_date)
       is distinct from (excluded.due_date, excluded.amount, excluded.open_amount, excluded.met_date)
