-- What the book has of the customers of staged_customers that it knows, sealed, beside what the files have.
select s.row, s.reference, c.name, s.name, c.identity, s.identity, c.profile, s.profile::text,
       array[s.app, s.phone, s.email, s.wechat, s.qq],
       array(select p.kind || ':' || p.value_index from customers_contactpoint p where p.customer_id = c.id)
  from staged_customers s
  join customers_customer c on c.id = s.known
 order by s.row
