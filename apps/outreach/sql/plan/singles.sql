-- What is wanted with certain numbers, in their order.
select customer_id, purpose, template, channels, anchor_date, due_date, amount, currency, days
  from outreach_wanted where number = any(%(numbers)s) order by number
