-- Names every bill that the book knows with other content.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has ' || coalesce(nullif(f.kept, ''), 'none')
  from staged_bills s
  join bills_bill b on b.id = s.known
  join customers_customer c on c.id = b.customer_id
  join staged_terms t on t.terms = b.terms_id
  left join bills_purchase p on p.bill_id = b.id and t.mode = 'order'
 cross join lateral (values
   ('customer', c.reference, s.customer), ('product', t.code, s.product),
   ('purchase', coalesce(p.reference, ''), s.purchase),
   ('issued_date', b.issued_date::text, coalesce(s.issued_date, b.issued_date)::text),
   ('principal', b.principal::text, coalesce(s.principal, b.principal)::text),
   ('statement_balance', coalesce(b.statement_balance::text, ''), coalesce(s.statement_balance::text, '')),
   ('reported_status', coalesce(b.reported_status::text, ''), coalesce(s.reported_status::text, ''))
 ) f (name, kept, given)
 where f.given is not null and f.kept is distinct from f.given
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = f.name);
