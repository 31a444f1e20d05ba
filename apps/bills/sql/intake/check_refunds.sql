-- Names every refund to an unknown customer, of a purchase that is not the customer's or was made later, or with which
-- more is given back than was bought.
insert into refusal
with given as (
  select s.row, sum(s.amount) over (partition by s.purchase) as amount
    from staged_refunds s
   where s.purchase <> '' and s.known is null
), kept as (
  select p.reference, sum(r.amount) as amount
    from bills_refund r
    join bills_purchase p on p.id = r.purchase_id
   where r.status = 'booked' and p.reference in (select purchase from staged_refunds)
   group by p.reference
)
select %(file)s, s.row, f.name, f.code, f.value
  from staged_refunds s
  left join referred_customer c on c.reference = s.customer
  left join referred_purchase p on p.reference = s.purchase
  left join given on given.row = s.row
  left join kept on kept.reference = s.purchase
 cross join lateral (values
   ('customer', case when c.reference is null then 'customer_unknown' end, s.customer),
   ('purchase', case when s.purchase <> '' and p.reference is null then 'purchase_unknown'
                     when s.purchase <> '' and p.customer <> s.customer then 'purchase_other' end, s.purchase),
   ('refunded_date', case when s.refunded_date < p.purchased_date then 'purchase_later' end,
    s.purchase || ' was made on ' || p.purchased_date),
   ('amount', case when given.amount + coalesce(kept.amount, 0) > p.amount then 'above_purchase' end,
    'purchase ' || s.purchase || ' was of ' || p.amount || ', refunds of it come to '
    || given.amount + coalesce(kept.amount, 0))
 ) f (name, code, value)
 where f.code is not null
   and not exists (select from refusal r where r.file = %(file)s and r.row = s.row and r.column_name = f.name);
