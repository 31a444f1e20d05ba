-- Gives each customer that has bills or receipts an account, in the currency of the credit line or of the first product.
-- Promises: at most one account a customer; an account that exists is left as it is.
insert into bills_account (customer_id, currency, balance, credit_balance, bucket)
select c.id,
       coalesce(
         line.currency,
         (select p.currency
            from bills_bill b
            join bills_productterms t on t.id = b.terms_id
            join bills_product p on p.id = t.product_id
           where b.customer_id = c.id order by b.issued_date, b.id limit 1),
         'CNY'
       ),
       0, 0, 'M0'
  from customers_customer c
  left join credit_creditline line on line.customer_id = c.id
 where c.id = any(%(customers)s) and not exists (select from bills_account a where a.customer_id = c.id)
    on conflict (customer_id) do nothing
