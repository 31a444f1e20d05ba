-- Names every customer that the book knows as somebody else; what is kept of a person is not repeated.
-- A contact point that the book lacks differs too; one whose consent has changed since does not.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has another'
  from staged_customers s
  join customers_customer c on c.id = s.known
 cross join lateral (values
   ('name', c.name <> s.name), ('language', c.language <> s.language), ('time_zone', c.time_zone <> s.time_zone),
   ('joined_date', c.joined_date <> s.joined_date), ('profile', c.profile <> s.profile),
   ('app', s.app <> '' and not exists (
     select from customers_contactpoint p where p.customer_id = c.id and p.kind = 'app' and p.value = s.app)),
   ('phone', s.phone <> '' and not exists (
     select from customers_contactpoint p where p.customer_id = c.id and p.kind = 'phone' and p.value = s.phone)),
   ('email', s.email <> '' and not exists (
     select from customers_contactpoint p where p.customer_id = c.id and p.kind = 'email' and p.value = s.email)),
   ('wechat', s.wechat <> '' and not exists (
     select from customers_contactpoint p where p.customer_id = c.id and p.kind = 'wechat' and p.value = s.wechat)),
   ('qq', s.qq <> '' and not exists (
     select from customers_contactpoint p where p.customer_id = c.id and p.kind = 'qq' and p.value = s.qq))
 ) f (name, differs)
 where f.differs;
