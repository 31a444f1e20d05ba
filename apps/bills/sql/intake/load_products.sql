-- Takes the products that are new, each with the first version of its conditions.
with product as (
  insert into bills_product (code, name, currency, mode, licence)
  select code, name, currency, mode, licence from staged_products p
   where known is null
     and not exists (select from refusal r where r.file = %(file)s and r.row = p.row)
   order by row
  returning id, code
)
insert into bills_productterms
  (product_id, version, effective_date, deferred_days, due_days, statement_day, minimum_rate, monthly_fee_rate,
   late_fee_daily_rate, late_fee_daily_floor, waterfall, grace_days, early_repayment_minimum, early_settlement,
   principal_first_after_days, revolving_daily_rate, late_fees_in_cap, instalment_counts)
select p.id, 1, s.effective_date, s.deferred_days, s.due_days, s.statement_day, s.minimum_rate, s.monthly_fee_rate,
       s.late_fee_daily_rate, s.late_fee_daily_floor, string_to_array(s.waterfall, ' '), s.grace_days,
       s.early_repayment_minimum, s.early_settlement, s.principal_first_after_days, s.revolving_daily_rate,
       s.late_fees_in_cap = 'yes', array_remove(string_to_array(s.instalment_counts, ' ')::smallint[], 1::smallint)
  from product p join staged_products s on s.code = p.code
 order by s.row;
