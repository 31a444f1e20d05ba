-- A book of open cases to look at: each with its account, task and three contacts, one in ten with a promise, one in twenty
-- placed with the agency. No bill is made; the same size, the same book.
insert into bills_account (customer_id, currency, balance, oldest_due_date, late_since_date, bucket)
select g, 'CNY', 800, %(date)s::date - 40, %(date)s::date - 40, 'M2' from generate_series(1, %(customers)s::bigint) g;
insert into cases_case (id, reference, customer_id, strategy_id, stage, oldest_due_date, overdue_amount, balance, queue, priority,
                        opened_date, stage_date, close_reason)
select g, 'K-W-' || g, g, %(strategy)s, 'intensive', %(date)s::date - 40, 500, 800, 'senior-agents', abs(hashint8(g)) %% 100000,
       %(date)s, %(date)s, ''
  from generate_series(1, %(customers)s::bigint) g;
insert into cases_task (case_id, step, kind, queue, due_date, created_at, outcome)
select g, 'intensive', 'task', 'senior-agents', %(date)s, %(at)s, '' from generate_series(1, %(customers)s::bigint) g;
insert into cases_contact (id, case_id, channel, outcome, contacted_date, contacted_at, recorded_by_id, note)
select 3 * g + n, g, 'call', 'no_answer', %(date)s, %(at)s, %(person)s, ''
  from generate_series(1, %(customers)s::bigint) g cross join generate_series(0, 2) n;
insert into cases_promise (case_id, contact_id, amount, promised_date, made_date)
select g, 3 * g, 100, %(date)s::date + 3, %(date)s from generate_series(1, %(customers)s::bigint) g where g %% 10 = 0;
insert into customers_placement (reference, customer_id, agency_id, approval_id, placed_at, reason)
select 'PL-' || g, g, %(agency)s, g, %(at)s, '' from generate_series(1, %(customers)s::bigint) g where abs(hashint8(g + 17)) %% 20 = 0;
