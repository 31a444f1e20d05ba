-- Queues the rows that are new, customer by customer and unknown payers last, and cuts the queue into chunks. What unknown payers
-- are called and wrote was sealed before (`sealed_payer`); of a customer's row it is not kept.
insert into bills_intakerow
  (intake_id, row, reference, customer_id, bill_id, amount, currency, received_date, channel, payer, purpose)
select %(intake)s, r.row, r.reference, r.customer_id, case when r.customer_id is not null then r.bill_id end, r.amount,
       coalesce(nullif(r.currency, ''), r.account_currency, %(currency)s), r.received_date, r.channel,
       coalesce(p.payer, ''), coalesce(p.purpose, '')
  from resolved r
  left join sealed_payer p on p.row = r.row
 where not r.known and not exists (select from refusal f where f.row = r.row)
 order by r.customer_id nulls last, r.row;

insert into bills_intakechunk
  (intake_id, number, first_row_id, last_row_id, rows, is_suspense, created, parked, unchanged, refused, played, seconds)
select %(intake)s, row_number() over (order by min(q.id)), min(q.id), max(q.id), count(*), q.unknown, 0, 0, 0, 0, 0, 0
  from (
    select id, customer_id is null as unknown, (row_number() over (partition by customer_id is null order by id) - 1) / %(chunk)s as part
      from bills_intakerow where intake_id = %(intake)s
  ) q
 group by q.unknown, q.part
