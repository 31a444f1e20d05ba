-- The sorts of contact there are: the gate says the same about all contacts of one.
select distinct way, point, consent from outreach_asked where not is_single order by 1, 2, 3
