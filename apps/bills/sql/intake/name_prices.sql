-- Names every new purchase whose price or number of instalments was found to be refused.
insert into refusal
select %(file)s, s.row, p.column_name, p.code, p.value
  from staged_purchases s
  join staged_terms t
    on t.code = s.product and s.purchased_date >= t.from_date and s.purchased_date < coalesce(t.to_date, 'infinity')
  join refused_price p
    on p.terms = t.terms and p.instalments = s.instalments and p.purchased_date = s.purchased_date
 where s.known is null
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = p.column_name)
