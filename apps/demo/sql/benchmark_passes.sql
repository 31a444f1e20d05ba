-- Two sequential passes over the ledger, each as plain as a pass that adds up to something can be: what is owed of each bill,
-- then what each repayment settled. The reference that the whole proof is measured against.
select (select sum(amount) from (select sum(amount) as amount from bills_ledgerentry group by bill_id) bill),
       (select sum(amount) from (
         select sum(amount) as amount from bills_ledgerentry where repayment_id is not null group by repayment_id
       ) repayment)
