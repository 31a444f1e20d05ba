-- Names the chunk's rows whose reference is known with other content since the file was checked.
insert into bills_intakerefusal (intake_id, row, column_name, code, value)
select r.intake_id, r.row, 'reference', 'known_otherwise', r.reference
  from bills_intakerow r
  left join bills_repayment b on b.reference = r.reference
  left join bills_suspenseitem s on s.reference = r.reference
 where r.id between %(first)s and %(last)s and r.intake_id = %(intake)s
   and ((coalesce(b.amount, s.amount), coalesce(b.received_date, s.received_date)) <> (r.amount, r.received_date)
        or b.id is not null and r.customer_id is not null
           and (b.customer_id <> r.customer_id or b.bill_id is distinct from r.bill_id))
