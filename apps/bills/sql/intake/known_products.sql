-- Names every product that the book knows with other conditions in its first version.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has ' || coalesce(f.kept, 'none')
  from staged_products s
  join bills_product p on p.id = s.known
  join bills_productterms t on t.product_id = p.id and t.version = 1
 cross join lateral (values
   ('name', p.name, s.name), ('currency', p.currency, s.currency), ('mode', p.mode, s.mode),
   ('effective_date', t.effective_date::text, s.effective_date::text),
   ('deferred_days', t.deferred_days::text, s.deferred_days::text),
   ('due_days', t.due_days::text, s.due_days::text),
   ('statement_day', t.statement_day::text, s.statement_day::text),
   ('minimum_rate', t.minimum_rate::text, s.minimum_rate::text),
   ('monthly_fee_rate', t.monthly_fee_rate::text, s.monthly_fee_rate::text),
   ('late_fee_daily_rate', t.late_fee_daily_rate::text, s.late_fee_daily_rate::text),
   ('late_fee_daily_floor', t.late_fee_daily_floor::text, s.late_fee_daily_floor::text),
   ('waterfall', array_to_string(t.waterfall, ' '), s.waterfall), ('licence', p.licence, s.licence),
   ('instalment_counts', array_to_string(t.instalment_counts, ' '),
    array_to_string(array_remove(string_to_array(s.instalment_counts, ' '), '1'), ' ')),
   ('grace_days', t.grace_days::text, s.grace_days::text),
   ('early_repayment_minimum', t.early_repayment_minimum::text, s.early_repayment_minimum::text),
   ('early_settlement', t.early_settlement, s.early_settlement),
   ('principal_first_after_days', t.principal_first_after_days::text, s.principal_first_after_days::text),
   ('revolving_daily_rate', t.revolving_daily_rate::text, s.revolving_daily_rate::text),
   ('late_fees_in_cap', case when t.late_fees_in_cap then 'yes' else 'no' end, s.late_fees_in_cap)
 ) f (name, kept, given)
 where f.given is not null and f.kept is distinct from f.given;
