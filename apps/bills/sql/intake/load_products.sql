-- Takes the products that are new, each with the first version of its conditions.
with product as (
  insert into bills_product (code, name, currency, mode)
  select code, name, currency, mode from staged_products p
   where known is null
     and not exists (select from refusal r where r.file = %(file)s and r.row = p.row)
   order by row
  returning id, code
)
insert into bills_productterms
  (product_id, version, effective_date, deferred_days, due_days, statement_day, minimum_rate, monthly_fee_rate,
   late_fee_daily_rate, late_fee_daily_floor, waterfall)
select p.id, 1, s.effective_date, s.deferred_days, s.due_days, s.statement_day, s.minimum_rate, s.monthly_fee_rate,
       s.late_fee_daily_rate, s.late_fee_daily_floor, string_to_array(s.waterfall, ' ')
  from product p join staged_products s on s.code = p.code
 order by s.row;
