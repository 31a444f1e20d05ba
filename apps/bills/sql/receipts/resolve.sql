-- Finds for every good row of a staged file its customer, its bill and what the book knows of its reference, and names the
-- rows that cannot be taken. Promises: afterwards `resolved` holds each good row once; `known` says that nothing is to be done.
drop table if exists pg_temp.resolved, pg_temp.doubled;
create temporary table resolved on commit drop as
select s.row, s.reference, s.amount, s.received_date, s.channel, s.payer, s.purpose, s.customer, s.bill, s.currency,
       c.id as customer_id, b.id as bill_id, b.customer_id as bill_customer_id, b.issued_date, a.currency as account_currency,
       r.id is not null or q.id is not null as known,
       r.id is not null and (
         r.amount <> s.amount or r.received_date <> s.received_date or r.channel <> s.channel
         or c.id is not null and (r.customer_id <> c.id or r.bill_id is distinct from b.id)
       ) or r.id is null and q.id is not null and (
         q.amount <> s.amount or q.received_date <> s.received_date or s.currency not in ('', q.currency)
       ) as differs
  from staged_receipts s
  left join customers_customer c on c.reference = s.customer and s.customer <> ''
  left join bills_account a on a.customer_id = c.id
  left join bills_bill b on b.reference = s.bill and s.bill <> ''
  left join bills_repayment r on r.reference = s.reference
  left join bills_suspenseitem q on q.reference = s.reference
 where not exists (select from refusal f where f.row = s.row);

create temporary table doubled on commit drop as
select reference, min(row) as row from resolved group by reference having count(*) > 1;

-- The first row of a reference that the book does not know counts; a later one with the same content adds nothing.
update resolved r
   set known = true,
       differs = (r.amount, r.received_date, r.channel, r.customer, r.bill, r.currency)
                 is distinct from (f.amount, f.received_date, f.channel, f.customer, f.bill, f.currency)
  from doubled d join resolved f on f.row = d.row
 where d.reference = r.reference and r.row > d.row and not r.known;

insert into refusal
select %(file)s, r.row, f.name, f.code, left(f.value, 60)
  from resolved r
 cross join lateral (values
   ('reference', case when r.differs then 'known_otherwise' end, r.reference),
   ('bill', case when not r.known and r.customer_id is not null and r.bill <> '' and r.bill_id is null then 'bill_unknown' end,
    r.bill),
   ('bill', case when not r.known and r.bill_customer_id <> r.customer_id then 'bill_of_another' end, r.bill),
   ('bill', case when not r.known and r.bill_customer_id = r.customer_id and r.issued_date > r.received_date then 'bill_later' end,
    r.bill),
   ('currency', case when not r.known and r.currency <> '' and r.currency <> r.account_currency then 'currency_account' end,
    r.currency)
 ) f (name, code, value)
 where f.code is not null
