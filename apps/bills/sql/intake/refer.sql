-- Gathers what the staged rows refer to, from the files and from the book: conditions by date, customers, purchases, bills.
create temporary table staged_terms on commit drop as
select p.code, p.mode, p.currency, t.id as terms, t.deferred_days, t.due_days, t.effective_date as from_date,
       lead(t.effective_date) over (partition by p.id order by t.effective_date, t.version) as to_date
  from bills_product p join bills_productterms t on t.product_id = p.id;

create temporary table referred_customer (reference text primary key, currency text) on commit drop;
insert into referred_customer
select reference, null from staged_customers where reference is not null
    on conflict do nothing;
insert into referred_customer
select reference, null from customers_customer
 where reference in (
   select customer from staged_credit_lines union select customer from staged_purchases union
   select customer from staged_bills union select customer from staged_repayments union select customer from staged_refunds
 )
    on conflict do nothing;
update referred_customer r set currency = l.currency
  from credit_creditline l join customers_customer c on c.id = l.customer_id
 where c.reference = r.reference;
update referred_customer r set currency = l.currency from staged_credit_lines l
 where l.customer = r.reference and r.currency is null;

create temporary table referred_purchase (
  reference text primary key, customer text, product text, mode text, purchased_date date, amount numeric(14, 2),
  instalments integer, deferred_days integer, bill text
) on commit drop;
insert into referred_purchase
select s.reference, s.customer, s.product, t.mode, s.purchased_date, s.amount, s.instalments, t.deferred_days, null
  from staged_purchases s
  left join staged_terms t
    on t.code = s.product and s.purchased_date >= t.from_date and s.purchased_date < coalesce(t.to_date, 'infinity')
 where s.known is null
   and s.reference in (select purchase from staged_bills union all select purchase from staged_refunds)
    on conflict do nothing;
insert into referred_purchase
select p.reference, c.reference, t.code, t.mode, p.purchased_date, p.amount, p.instalments, t.deferred_days, b.reference
  from bills_purchase p
  join customers_customer c on c.id = p.customer_id
  join staged_terms t on t.terms = p.terms_id
  left join bills_bill b on b.id = p.bill_id
 where p.reference in (select purchase from staged_bills union all select purchase from staged_refunds)
    on conflict do nothing;

-- A bill of a purchase is issued when the purchase is made, over its amount.
update staged_bills s
   set issued_date = coalesce(s.issued_date, p.purchased_date), principal = coalesce(s.principal, p.amount)
  from referred_purchase p
 where p.reference = s.purchase and s.purchase <> '' and p.mode = 'order'
   and (s.issued_date is null or s.principal is null);

create temporary table referred_bill (
  reference text primary key, customer text, product text, mode text, issued_date date
) on commit drop;
insert into referred_bill
select s.reference, s.customer, s.product, t.mode, s.issued_date
  from staged_bills s
  left join staged_terms t
    on t.code = s.product and s.issued_date >= t.from_date and s.issued_date < coalesce(t.to_date, 'infinity')
 where s.reference in (select bill from staged_purchases union all select bill from staged_repayments)
    on conflict do nothing;
insert into referred_bill
select b.reference, c.reference, t.code, t.mode, b.issued_date
  from bills_bill b
  join customers_customer c on c.id = b.customer_id
  join staged_terms t on t.terms = b.terms_id
 where b.reference in (select bill from staged_purchases union all select bill from staged_repayments)
    on conflict do nothing;
analyze staged_terms, referred_customer, referred_purchase, referred_bill;
