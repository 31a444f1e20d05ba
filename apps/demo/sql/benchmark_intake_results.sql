-- What an intake came to, so that two ways of doing it can be compared.
select 'entries ' || kind || ' ' || component, count(*), sum(amount) from bills_ledgerentry group by kind, component
union all select 'bills', count(settled_date), sum(open_principal + 3 * open_instalment_fee + 7 * open_late_fee + 11 * late_fee_accrued)
  from bills_bill
union all select 'instalments', count(met_date), sum(open_amount) from bills_instalment
union all select 'accounts', count(*), sum(balance + 3 * credit_balance + (latest_date - date '2026-01-01')) from bills_account
union all select 'repayments', count(*), sum(amount + 3 * remainder) from bills_repayment
 order by 1
