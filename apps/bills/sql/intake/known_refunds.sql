-- Names every refund that the book knows with other content.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has ' || coalesce(nullif(f.kept, ''), 'none')
  from staged_refunds s
  join bills_refund r on r.id = s.known
  join customers_customer c on c.id = r.customer_id
  left join bills_purchase p on p.id = r.purchase_id
 cross join lateral (values
   ('customer', c.reference, s.customer), ('refunded_date', r.refunded_date::text, s.refunded_date::text),
   ('amount', r.amount::text, s.amount::text), ('purchase', coalesce(p.reference, ''), s.purchase)
 ) f (name, kept, given)
 where f.given is not null and f.kept is distinct from f.given;
