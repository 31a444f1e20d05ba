-- Takes the sealed customers, in the order in which they came.
insert into customers_customer (reference, name, name_grams, identity, identity_index, language, time_zone, joined_date, profile)
select reference, name, name_grams, identity, identity_index, language, time_zone, joined_date, profile
  from sealed_customers order by place
