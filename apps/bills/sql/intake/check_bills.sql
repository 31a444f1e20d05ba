-- Names every bill that lacks what its mode asks for, refers to what is not there, or does not fit it.
insert into refusal
select %(file)s, s.row, f.name, f.code, f.value
  from staged_bills s
  left join referred_customer c on c.reference = s.customer
  left join referred_purchase p on p.reference = s.purchase and s.purchase <> ''
  left join staged_terms t
    on t.code = s.product and s.issued_date >= t.from_date and s.issued_date < coalesce(t.to_date, 'infinity')
  left join (select code, min(mode) as mode from staged_terms group by code) product on product.code = s.product
  left join (select purchase, min(row) as row from staged_bills where purchase <> '' group by purchase) first
    on first.purchase = s.purchase
 cross join lateral (values
   ('customer', case when c.reference is null then 'customer_unknown' end, s.customer),
   ('product', case when product.code is null then 'product_unknown'
                    when t.code is null and s.issued_date is not null then 'product_terms' end,
    case when product.code is null then s.product else s.issued_date::text end),
   ('product', case when t.currency <> c.currency then 'currency_other' end,
    format('it is in %%s, the customer''s credit line in %%s', t.currency, c.currency)),
   ('purchase', case when product.mode = 'order' and s.purchase = '' then 'product_mode' end,
    'the product bills each purchase: the bill names it'),
   ('purchase', case when product.mode = 'statement' and s.purchase <> '' then 'product_mode' end,
    'the product bills by the month: the purchases name their statement'),
   ('purchase', case when product.mode = 'order' and s.purchase <> '' then
      case when p.reference is null then 'purchase_unknown'
           when p.customer <> s.customer or p.product <> s.product then 'purchase_other'
           when first.row < s.row or p.bill <> s.reference then 'purchase_twice' end end, s.purchase),
   ('issued_date', case when product.mode = 'statement' and s.issued_date is null then 'empty' end, ''),
   ('issued_date', case when product.mode = 'order' and s.issued_date <> p.purchased_date then 'differs' end,
    format('the purchase was made on %%s', p.purchased_date)),
   ('principal', case when product.mode = 'statement' and s.principal is null then 'empty' end, ''),
   ('principal', case when product.mode = 'order' and s.principal <> p.amount then 'differs' end,
    format('the purchase is over %%s', p.amount)),
   ('statement_balance', case when product.mode = 'statement' and s.statement_balance is null then 'empty' end, ''),
   ('due_date', case when product.mode = 'statement' and s.due_date <> s.issued_date + t.due_days then 'differs' end,
    format('by the product''s conditions it is %%s', s.issued_date + t.due_days)),
   ('due_date', case when product.mode = 'order' and p.instalments = 1 and s.due_date <> p.purchased_date + p.deferred_days
                     then 'differs' end,
    format('by the product''s conditions it is %%s', p.purchased_date + p.deferred_days))
 ) f (name, code, value)
 where f.code is not null
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = f.name);
