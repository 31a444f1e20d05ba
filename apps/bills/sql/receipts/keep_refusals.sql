-- Keeps what was refused of a file, beyond the transaction that checks it; of what may name a person the place alone.
insert into bills_intakerefusal (intake_id, row, column_name, code, value)
select %(intake)s, row, column_name, code,
       case when column_name in ('customer', 'payer', 'purpose') then '****' else coalesce(value, '') end
  from refusal order by row, column_name, code
