-- The customers of a chunk's rows.
select distinct customer_id from bills_intakerow
 where id between %(first)s and %(last)s and intake_id = %(intake)s order by customer_id
