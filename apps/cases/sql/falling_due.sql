-- Who of the concerned customers is to be reminded, and of how much.
select s.customer_id, s.overdue_amount, a.currency
  from cases_standing s
  join bills_account a on a.customer_id = s.customer_id
 where s.overdue_amount > 0
 order by s.customer_id
