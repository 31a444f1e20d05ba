-- Wants who of the partition is to be reminded that an instalment falls due on another day to be told of it, and of how much: what is
-- kept open beside the ledger, or what was worked out (`standing`) for those whose accounts are ahead of the day. Whom the step
-- speaks with already, about one that falls due before, is left alone.
insert into outreach_wanted (customer_id, purpose, template, channels, anchor_date, due_date, amount, currency, days)
with due as (
  select distinct i.customer_id
    from bills_instalment i
   where i.met_date is null and i.due_date = %(due_date)s and i.customer_id %% %(partitions)s = %(partition)s
     and not exists (select from cases_case c where c.customer_id = i.customer_id and c.status = 'open')
), open as (
  select a.customer_id, a.currency, i.amount
    from due
   cross join lateral (
     select a.customer_id, a.currency from bills_account a
      where a.customer_id = due.customer_id and (a.latest_date is null or a.latest_date <= %(date)s)
     offset 0
   ) a
   cross join lateral (
     select sum(i.open_amount) as amount from bills_instalment i
      where i.customer_id = due.customer_id and i.met_date is null and i.due_date <= %(due_date)s
   ) i
   union all
  select s.customer_id, a.currency, s.overdue_amount
    from cases_standing s
    join bills_account a on a.customer_id = s.customer_id
)
select customer_id, %(purpose)s, %(template)s, %(channels)s, %(date)s, %(due_date)s, amount, currency, %(days_left)s
  from open where amount > 0 order by customer_id
    on conflict (customer_id, purpose, anchor_date) do nothing
