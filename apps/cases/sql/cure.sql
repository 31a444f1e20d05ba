-- Closes the open cases of customers who are not late any more, each with its move, and cancels what was still to be done.
-- A case during which a bill was written off ends as written off, however the rest was paid: nobody was cured by a loss.
-- Answers how many cases were closed and how many rows were written.
with cured as (
  update cases_case c
     set status = 'closed', closed_date = %(date)s,
         close_reason = case when exists (
           select from bills_bill b
            where b.customer_id = c.customer_id and b.written_off_date between c.opened_date and %(date)s
         ) then 'written_off' else 'cured' end,
         overdue_amount = 0, balance = s.balance, priority = 0
    from bills_account a, cases_standing s
   where a.customer_id = c.customer_id and s.customer_id = c.customer_id
     and c.status = 'open' and a.oldest_due_date is null
     and c.customer_id %% %(partitions)s = %(partition)s
  returning c.id, c.customer_id, c.stage, c.close_reason
), moved as (
  insert into cases_stagemove (case_id, moved_date, from_stage, to_stage, days_past_due, cause)
  select id, %(date)s, stage, '', 0, close_reason from cured order by customer_id
), cancelled as (
  update cases_task t set status = 'cancelled' from cured where t.case_id = cured.id and t.status in ('open', 'held')
  returning 1
)
select (select count(*) from cured), (select 2 * count(*) from cured) + (select count(*) from cancelled)
