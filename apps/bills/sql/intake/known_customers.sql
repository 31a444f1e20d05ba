-- Names every customer whom the book knows with another language, place or date; what is sealed is compared outside SQL.
insert into refusal
select %(file)s, s.row, %(prefix)s || f.name, 'known', 'the book has another'
  from staged_customers s
  join customers_customer c on c.id = s.known
 cross join lateral (values
   ('language', c.language <> s.language), ('time_zone', c.time_zone <> s.time_zone),
   ('joined_date', c.joined_date <> s.joined_date)
 ) f (name, differs)
 where f.differs;
