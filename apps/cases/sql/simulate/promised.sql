-- Brings the promises that were made on a day into the shadow, for the days of a simulation after its first.
insert into pg_temp.cases_promise
select p.* from public.cases_promise p join pg_temp.cases_case c on c.id = p.case_id
 where p.made_date = %(date)s and c.status = 'open'
   and not exists (select from pg_temp.cases_promise known where known.case_id = p.case_id and known.status = 'open')
