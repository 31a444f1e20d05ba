-- Takes the refunds that are new; what lowers a purchase that no statement has billed yet is kept apart, and is no receipt.
insert into bills_refund (reference, customer_id, purchase_id, amount, refunded_date, unbilled, remainder)
select s.reference, c.id, p.id, s.amount, s.refunded_date,
       least(s.amount, greatest(coalesce(waiting.amount, 0) - coalesce(sum(s.amount) over earlier, 0), 0)), 0
  from staged_refunds s
  join customers_customer c on c.reference = s.customer
  left join bills_purchase p on p.reference = s.purchase
  left join lateral (
    select p.amount - coalesce(sum(l.principal), 0)
           - (select coalesce(sum(r.unbilled), 0) from bills_refund r where r.purchase_id = p.id) as amount
      from bills_statementline l
     where l.purchase_id = p.id
    having p.bill_id is null or count(*) > 0
  ) waiting on true
 where s.known is null
window earlier as (partition by s.purchase order by s.row rows between unbounded preceding and 1 preceding)
 order by s.row
