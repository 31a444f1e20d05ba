-- Brings the instalments in line: shares of a purchase keep their date and amount; minimums of statements and shares of a
-- plan follow what is open.
-- Notes from which day on that changed what was met when.
with written as (
  insert into bills_instalment as i
    (bill_id, customer_id, number, due_date, grace_days, amount, fee, open_amount, met_date, restructuring_id, replaced_by_id)
  select bill_id, customer_id, number, due_date, grace_days, amount, fee, open_amount, met_date, restructuring_id, replaced_by_id
    from posted_instalment
   order by customer_id, bill_id, number
      on conflict (bill_id, number) do update
     set due_date = excluded.due_date, amount = excluded.amount, fee = excluded.fee, open_amount = excluded.open_amount,
         met_date = excluded.met_date, restructuring_id = excluded.restructuring_id,
         replaced_by_id = excluded.replaced_by_id
   where (i.due_date, i.amount, i.fee, i.open_amount, i.met_date, i.restructuring_id, i.replaced_by_id)
         is distinct from
         (excluded.due_date, excluded.amount, excluded.fee, excluded.open_amount, excluded.met_date,
          excluded.restructuring_id, excluded.replaced_by_id)
  returning i.customer_id, least(
    old.met_date, new.met_date, case when old.due_date <> new.due_date then least(old.due_date, new.due_date) end
  ) as changed_date
)
insert into posted_change (customer_id, changed_date)
select customer_id, changed_date from written where changed_date is not null
