-- What was billed under each product, what is kept open of it and what the ledger says is open: the totals of the whole book.
with entry as (
  select b.terms_id, sum(e.amount) as amount
    from bills_ledgerentry e join bills_bill b on b.id = e.bill_id
   group by b.terms_id
), kept as (
  select terms_id, count(*) as bills, sum(principal + instalment_fee) as billed,
         sum(open_principal + open_instalment_fee + open_late_fee + open_interest + open_cost) as open
    from bills_bill group by terms_id
)
select p.code, p.currency, sum(k.bills)::bigint, sum(k.billed), sum(k.open), sum(coalesce(e.amount, 0))
  from kept k
  join bills_productterms t on t.id = k.terms_id
  join bills_product p on p.id = t.product_id
  left join entry e on e.terms_id = k.terms_id
 group by p.code, p.currency
 order by p.code
