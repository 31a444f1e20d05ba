-- Names every purchase that refers to what is not there or does not fit it.
insert into refusal
select %(file)s, s.row, f.name, f.code, f.value
  from staged_purchases s
  left join referred_customer c on c.reference = s.customer
  left join staged_terms t
    on t.code = s.product and s.purchased_date >= t.from_date and s.purchased_date < coalesce(t.to_date, 'infinity')
  left join referred_bill b on b.reference = s.bill
  left join (select purchase, min(row) as row from staged_bills where purchase <> '' group by purchase) billed
    on billed.purchase = s.reference
 cross join lateral (values
   ('customer', case when c.reference is null then 'customer_unknown' end, s.customer),
   ('product', case when t.code is null then
      case when s.product not in (select code from staged_terms) then 'product_unknown'
           when s.purchased_date is not null then 'product_terms' end end,
    case when s.product in (select code from staged_terms) then s.purchased_date::text else s.product end),
   ('product', case when t.currency <> c.currency then 'currency_other' end,
    format('it is in %%s, the customer''s credit line in %%s', t.currency, c.currency)),
   ('bill', case when s.bill <> '' and t.mode = 'order' then 'product_mode' end,
    'a purchase that is due by itself names no bill: its bill names it'),
   ('bill', case when s.bill <> '' and t.mode = 'statement' and b.reference is null then 'bill_unknown'
                 when s.bill <> '' and t.mode = 'statement'
                  and (b.customer <> s.customer or b.product <> s.product or b.issued_date < s.purchased_date)
                 then 'bill_other' end, s.bill),
   ('reference', case when t.mode = 'order' and s.known is null and billed.row is null then 'unbilled' end, s.reference)
 ) f (name, code, value)
 where f.code is not null
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = f.name);
