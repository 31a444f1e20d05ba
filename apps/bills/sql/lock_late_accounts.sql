-- Locks the accounts of the partition's customers with a bill that accrues, late or revolving, in the order in which postings lock them:
-- a repayment that arrives meanwhile is played before this step or after it, never half.
select a.id
  from bills_account a
 where a.customer_id %% %(partitions)s = %(partition)s
   and exists (
     select from bills_bill b
       join bills_productterms t on t.id = b.terms_id and t.late_fee_daily_rate > 0
       join bills_instalment i on i.bill_id = b.id and i.met_date is null and i.due_date < %(date)s
        and i.due_date + i.grace_days < %(date)s
      where b.customer_id = a.customer_id and b.settled_date is null
   ) or a.customer_id %% %(partitions)s = %(partition)s
   and exists (
     select from bills_bill b
       join bills_productterms t on t.id = b.terms_id and t.revolving_daily_rate > 0
      where b.customer_id = a.customer_id and b.settled_date is null and b.issued_date + t.due_days < %(date)s
   )
 order by a.customer_id
   for update
