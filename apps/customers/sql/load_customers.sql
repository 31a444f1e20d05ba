-- Takes the customers of the temporary table staged_customers that the book does not know (`known` is null).
insert into customers_customer (reference, name, language, time_zone, joined_date, profile)
select reference, name, language, time_zone, joined_date, profile
  from staged_customers
 where known is null
 order by row
