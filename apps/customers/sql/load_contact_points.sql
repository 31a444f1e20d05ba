-- Takes the sealed contact points, in the order in which they came.
insert into customers_contactpoint (customer_id, kind, value, value_index, is_valid, consented_date)
select customer_id, kind, value, value_index, true, consented_date from sealed_points order by place
