-- Instructs the debits of a day: what each of its dues still demands, of the partition's customers with a mandate who are not
-- paused that day. Promises: at most one debit an instalment, however often it runs.
insert into bills_debit
  (reference, customer_id, mandate_id, bill_id, number, due_date, debit_date, amount, status, code, reason)
select 'D' || to_char(%(debit_date)s::date, 'YYMMDD') || '-' || i.bill_id || '-' || i.number,
       i.customer_id, m.id, i.bill_id, i.number, i.due_date, %(debit_date)s, i.open_amount, 'instructed', '', ''
  from bills_instalment i
  join bills_mandate m on m.customer_id = i.customer_id
   and m.agreed_date <= %(debit_date)s and (m.revoked_date is null or m.revoked_date > %(debit_date)s)
 where i.due_date = any(%(due_dates)s)
   and i.met_date is null
   and i.customer_id %% %(partitions)s = %(partition)s
   and not exists (
     select from bills_pause p
      where p.customer_id = i.customer_id and p.cancelled_at is null
        and p.start_date <= %(debit_date)s and (p.end_date is null or p.end_date > %(debit_date)s)
   )
 order by i.customer_id, i.bill_id, i.number
    on conflict (bill_id, number) do nothing
