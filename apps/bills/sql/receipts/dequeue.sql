-- Forgets a chunk's rows, which are in the book or named by now.
delete from bills_intakerow where id between %(first)s and %(last)s and intake_id = %(intake)s
