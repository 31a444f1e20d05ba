-- Books the repayments of a chunk's rows; a reference that somebody recorded meanwhile is left to `named`.
with fresh as (
  insert into bills_repayment (reference, customer_id, bill_id, amount, received_date, channel, remainder, status)
  select r.reference, r.customer_id, r.bill_id, r.amount, r.received_date, r.channel, 0, 'booked'
    from bills_intakerow r
   where r.id between %(first)s and %(last)s and r.intake_id = %(intake)s
     and not exists (select from bills_suspenseitem s where s.reference = r.reference)
   order by r.id
      on conflict (reference) do nothing
  returning id, customer_id, bill_id, amount, received_date
)
insert into taken select * from fresh
