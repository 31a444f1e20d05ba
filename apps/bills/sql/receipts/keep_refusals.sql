-- Keeps what was refused of a file, beyond the transaction that checks it.
insert into bills_intakerefusal (intake_id, row, column_name, code, value)
select %(intake)s, row, column_name, code, coalesce(value, '') from refusal order by row, column_name, code
