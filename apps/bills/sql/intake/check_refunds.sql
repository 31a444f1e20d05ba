-- Names every refund to an unknown customer, or of a purchase that is not the customer's.
insert into refusal
select %(file)s, s.row, f.name, f.code, f.value
  from staged_refunds s
  left join referred_customer c on c.reference = s.customer
  left join referred_purchase p on p.reference = s.purchase
 cross join lateral (values
   ('customer', case when c.reference is null then 'customer_unknown' end, s.customer),
   ('purchase', case when s.purchase <> '' and p.reference is null then 'purchase_unknown'
                     when s.purchase <> '' and p.customer <> s.customer then 'purchase_other' end, s.purchase)
 ) f (name, code, value)
 where f.code is not null
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = f.name);
