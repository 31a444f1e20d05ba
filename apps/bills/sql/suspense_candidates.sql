-- Customers whose money an unknown payer's may be. Reads by indexes: references are looked up by the words of the payer's text;
-- whose names are like it was found before (`liked`). What is open with just this amount is looked for among those found, and, where
-- the text leads to nobody, among the instalments that are open.
with word as (
  select distinct upper(w) as word
    from regexp_split_to_table(%(payer)s || ' ' || %(purpose)s, '[[:space:],;:/()]+') w where length(w) between 3 and 40
), by_reference as (
  select c.id as customer_id, true as named, '' as bill from word join customers_customer c on c.reference = word.word
  union all
  select b.customer_id, false, b.reference from word join bills_bill b on b.reference = word.word
), told as (
  select customer_id from by_reference union select unnest(%(liked)s::bigint[])
), by_amount as (
  select i.customer_id from bills_instalment i
   where not exists (select from told) and i.open_amount = %(amount)s and i.met_date is null
   order by i.due_date, i.id limit 20
), candidate as (
  select customer_id from told union select customer_id from by_amount
), weighed as (
  select c.id, c.reference, c.name, coalesce(a.balance, 0) as balance,
         exists (select from by_reference r where r.customer_id = c.id and r.named) as named,
         coalesce((select min(r.bill) from by_reference r where r.customer_id = c.id and r.bill <> ''), '') as bill,
         coalesce(
           (select b.reference from bills_bill b
             where b.customer_id = c.id and b.settled_date is null
               and %(amount)s = b.open_principal + b.open_instalment_fee + b.open_late_fee + b.open_interest + b.open_cost
             order by b.issued_date, b.id limit 1),
           (select b.reference || '/' || i.number from bills_instalment i join bills_bill b on b.id = i.bill_id
             where i.customer_id = c.id and i.met_date is null and i.open_amount = %(amount)s
             order by i.due_date, i.id limit 1),
           ''
         ) as amount_fits
    from candidate join customers_customer c on c.id = candidate.customer_id
    left join bills_account a on a.customer_id = c.id
   where a.currency is null or a.currency = %(currency)s
)
select reference, name, balance, named, bill, amount_fits
  from weighed
