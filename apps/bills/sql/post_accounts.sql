-- Brings the balances in line, the last day that they speak of, and from which day on a closed past has changed.
update bills_account a
   set balance = p.balance, credit_balance = p.credit_balance, latest_date = p.latest_date,
       changed_from_date = least(a.changed_from_date, p.changed_date)
  from (
    select p.customer_id, p.balance, p.credit_balance, p.latest_date,
           min(c.changed_date) filter (where c.changed_date <= p.closed_date) as changed_date
      from posted_account p
      left join (
        select customer_id, changed_date from posted_account union all select customer_id, changed_date from posted_change
      ) c on c.customer_id = p.customer_id
     group by p.customer_id
  ) p
 where p.customer_id = a.customer_id
   and (a.balance, a.credit_balance, a.latest_date, a.changed_from_date) is distinct from
       (p.balance, p.credit_balance, p.latest_date, least(a.changed_from_date, p.changed_date))
