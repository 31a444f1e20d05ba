-- Parks the chunk's rows of unknown payers; a reference that somebody recorded meanwhile is left to `named`.
insert into bills_suspenseitem (reference, payer, purpose, amount, currency, received_date, channel, status, reason)
select r.reference, r.payer, r.purpose, r.amount, r.currency, r.received_date, r.channel, 'waiting', ''
  from bills_intakerow r
 where r.id between %(first)s and %(last)s and r.intake_id = %(intake)s
   and not exists (select from bills_repayment b where b.reference = r.reference)
 order by r.id
    on conflict (reference) do nothing
