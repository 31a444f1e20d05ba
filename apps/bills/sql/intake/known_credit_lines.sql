-- Names every credit line that the book knows with other content.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has ' || coalesce(f.kept, 'none')
  from staged_credit_lines s
  join credit_creditline l on l.id = s.known
  join customers_customer c on c.id = l.customer_id
 cross join lateral (values
   ('customer', c.reference, s.customer), ('currency', l.currency, s.currency),
   ('limit', l."limit"::text, s."limit"::text), ('opened_date', l.opened_date::text, s.opened_date::text)
 ) f (name, kept, given)
 where f.given is not null and f.kept is distinct from f.given;
