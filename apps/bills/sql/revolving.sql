-- The statements that revolve: past their due date with their minimum met and something open, the days up to a day that are not
-- accrued yet, and the interest of one. A paused day bears none. Nothing that is late is among them.
select revolving.id, revolving.customer_id, revolving.daily,
       %(date)s::date - revolving.since_date - coalesce((
         select sum(
                  least(coalesce(p.end_date, %(date)s::date + 1), %(date)s::date + 1)
                  - greatest(p.start_date, revolving.since_date + 1)
                )
           from bills_pause p
          where p.customer_id = revolving.customer_id and p.cancelled_at is null
            and p.start_date <= %(date)s and (p.end_date is null or p.end_date > revolving.since_date + 1)
       ), 0)::integer as days
  from (
    select b.id, b.customer_id,
           greatest(
             coalesce(
               max(greatest(i.due_date, i.met_date)) filter (where i.replaced_by_id is null), b.issued_date + t.due_days
             ),
             b.accrued_through_date
           ) as since_date,
           round((b.open_principal + b.open_instalment_fee) * t.revolving_daily_rate, 6) as daily
      from bills_bill b
      join bills_productterms t on t.id = b.terms_id and t.revolving_daily_rate > 0
      join bills_product product on product.id = t.product_id and product.mode = 'statement'
      left join bills_instalment i on i.bill_id = b.id
      left join bills_restructuring plan on plan.id = i.restructuring_id and plan.kind in ('extend', 're_age')
     where b.settled_date is null
       and b.issued_date + t.due_days < %(date)s
       and b.open_principal + b.open_instalment_fee > 0
     group by b.id, b.customer_id, t.id
    having count(plan.id) = 0 and count(*) filter (where i.id is not null and i.met_date is null) = 0
  ) revolving
