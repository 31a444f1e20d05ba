-- Names every repayment of an unknown customer, or meant for a bill that is not the customer's.
insert into refusal
select %(file)s, s.row, f.name, f.code, f.value
  from staged_repayments s
  left join referred_customer c on c.reference = s.customer
  left join referred_bill b on b.reference = s.bill
 cross join lateral (values
   ('customer', case when c.reference is null then 'customer_unknown' end, s.customer),
   ('bill', case when s.bill <> '' and b.reference is null then 'bill_unknown'
                 when s.bill <> '' and b.customer <> s.customer then 'bill_of_another' end, s.bill)
 ) f (name, code, value)
 where f.code is not null
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = f.name);
