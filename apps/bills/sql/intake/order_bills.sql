-- The new bills of purchases in order mode, as the schedule needs them.
select s.reference, t.terms, p.amount, p.purchased_date, p.instalments
  from staged_bills s
  join referred_purchase p on p.reference = s.purchase
  join staged_terms t
    on t.code = s.product and s.issued_date >= t.from_date and s.issued_date < coalesce(t.to_date, 'infinity')
 where s.known is null and t.mode = 'order'
 order by s.row
