-- The customers of the temporary table staged_customers that the book does not know (`known` is null), as the files have them.
select reference, name, identity, language, time_zone, joined_date, profile::text
  from staged_customers
 where known is null
 order by row
