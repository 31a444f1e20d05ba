-- Names every purchase that the book knows with other content; one that was billed since still has the same content.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has ' || coalesce(nullif(f.kept, ''), 'none')
  from staged_purchases s
  join bills_purchase p on p.id = s.known
  join customers_customer c on c.id = p.customer_id
  join staged_terms t on t.terms = p.terms_id
  left join bills_bill b on b.id = p.bill_id
 cross join lateral (values
   ('customer', c.reference, s.customer), ('product', t.code, s.product),
   ('purchased_date', p.purchased_date::text, s.purchased_date::text), ('amount', p.amount::text, s.amount::text),
   ('instalments', p.instalments::text, s.instalments::text),
   ('bill', coalesce(b.reference, ''), coalesce(nullif(s.bill, ''), b.reference, '')),
   ('merchant', p.merchant, s.merchant), ('order_reference', p.order_reference, s.order_reference)
 ) f (name, kept, given)
 where f.given is not null and f.kept is distinct from f.given;
