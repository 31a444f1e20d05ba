-- The first page of a queue as one statement: each case with its customer, account, open tasks, promises and last contact.
with page as (
  select * from cases_case where status = 'open' and queue = %(queue)s order by priority desc, id limit %(size)s
)
select page.*, customer.reference, customer.name, account.balance, account.late_since_date, strategy.code, last.outcome, last.contacted_date,
       (select array_agg((t.step, t.due_date)::text order by t.due_date) from cases_task t where t.case_id = page.id and t.status = 'open'),
       (select array_agg((p.amount, p.promised_date, p.status)::text) from cases_promise p where p.case_id = page.id and p.status <> 'kept')
  from page
  join customers_customer customer on customer.id = page.customer_id
  join bills_account account on account.customer_id = customer.id
  join cases_strategyversion strategy on strategy.id = page.strategy_id
  left join lateral (
    select outcome, contacted_date from cases_contact c where c.case_id = page.id order by c.id desc limit 1
  ) last on true
 order by page.priority desc, page.id;
