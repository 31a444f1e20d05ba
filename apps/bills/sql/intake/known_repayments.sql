-- Names every repayment that the book knows with other content; one that was reversed since still has the same content.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has ' || coalesce(nullif(f.kept, ''), 'none')
  from staged_repayments s
  join bills_repayment p on p.id = s.known
  join customers_customer c on c.id = p.customer_id
  left join bills_bill b on b.id = p.bill_id
 cross join lateral (values
   ('customer', c.reference, s.customer), ('received_date', p.received_date::text, s.received_date::text),
   ('amount', p.amount::text, s.amount::text), ('bill', coalesce(b.reference, ''), s.bill),
   ('channel', p.channel, s.channel)
 ) f (name, kept, given)
 where f.given is not null and f.kept is distinct from f.given;
