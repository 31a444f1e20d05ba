-- Notes for the partition's open cases the segments of their version that they are in on the day, where a step of their stage asks
-- for one and acts on the day. Every condition that a segment names must hold.
insert into cases_segmented (case_id, code)
select c.id, g.code
  from cases_case c
  join bills_account a on a.customer_id = c.customer_id
  join cases_strategysegment g on g.version_id = c.strategy_id
 where c.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
   and exists (
     select from cases_strategystep step
      where step.version_id = c.strategy_id and step.stage = c.stage and g.code = any(step.segments)
        and (step.days = '{}' or %(date)s::date - a.late_since_date - c.held_days = any(step.days))
   )
   and (g.buckets = '{}' or case
     when %(date)s::date - a.late_since_date <= 0 then 'M0'
     when %(date)s::date - a.late_since_date > 180 then 'M7+'
     else 'M' || (%(date)s::date - a.late_since_date + 29) / 30
   end = any(g.buckets))
   and (g.amount_from is null or c.overdue_amount >= g.amount_from)
   and (g.amount_below is null or c.overdue_amount < g.amount_below)
   and (g.products = '{}' or exists (
     select from bills_instalment i
       join bills_bill b on b.id = i.bill_id
       join bills_productterms t on t.id = b.terms_id
       join bills_product p on p.id = t.product_id
      where i.customer_id = c.customer_id and i.due_date < %(date)s and (i.met_date is null or i.met_date > %(date)s)
        and p.code = any(g.products)
   ))
   and (g.tenure_from is null and g.tenure_below is null or exists (
     select from (select min(b.issued_date) as since from bills_bill b where b.customer_id = c.customer_id) first
      where first.since is not null
        and (g.tenure_from is null or %(date)s::date - first.since >= g.tenure_from)
        and (g.tenure_below is null or %(date)s::date - first.since < g.tenure_below)
   ))
   and (g.first_payment_default is null or g.first_payment_default = not exists (
     select from bills_instalment i where i.customer_id = c.customer_id and i.met_date <= %(date)s
   ))
