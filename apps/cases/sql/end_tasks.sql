-- Ends the partition's tasks that have had their time: a task of a day lapses when its day is over, a task that was made once
-- when its stage was entered is cancelled when the case has left that stage. Answers how many lapsed and were cancelled.
with ended as (
  update cases_task t
     set status = case when cardinality(step.days) > 0 then 'lapsed' else 'cancelled' end
    from cases_case c, cases_strategystep step
   where c.id = t.case_id and step.version_id = c.strategy_id and step.code = t.step
     and t.status = 'open' and c.customer_id %% %(partitions)s = %(partition)s
     and case when cardinality(step.days) > 0 then t.due_date <= %(date)s else step.stage <> c.stage end
  returning t.status
)
select count(*) filter (where status = 'lapsed'), count(*) filter (where status = 'cancelled') from ended
