-- The contact points of the customers of staged_customers that are new; no date of consent, no consent.
select c.id, p.kind, p.value, p.consented_date
  from staged_customers s
  join customers_customer c on c.reference = s.reference
 cross join lateral (values
   ('app', s.app, s.app_consented_date), ('phone', s.phone, s.phone_consented_date),
   ('email', s.email, s.email_consented_date), ('wechat', s.wechat, s.wechat_consented_date),
   ('qq', s.qq, s.qq_consented_date)
 ) p (kind, value, consented_date)
 where s.known is null and p.value <> ''
 order by s.row
