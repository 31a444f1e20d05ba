-- Names every credit line of an unknown customer, and every second line of a customer.
insert into refusal
select %(file)s, s.row, 'customer', f.code, s.customer
  from staged_credit_lines s
  left join referred_customer c on c.reference = s.customer
  left join (select customer, min(row) as row from staged_credit_lines group by customer having count(*) > 1) first
    on first.customer = s.customer
  left join customers_customer kept on kept.reference = s.customer
  left join credit_creditline line on line.customer_id = kept.id
 cross join lateral (values
   (case when c.reference is null then 'customer_unknown'
         when first.row < s.row or line.reference <> s.reference then 'line_twice' end)
 ) f (code)
 where s.customer is not null and f.code is not null;
