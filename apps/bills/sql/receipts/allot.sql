-- Shares each plain repayment out: the designated bill first, then the oldest due; within a share by the contract's order of
-- instalment fee and principal. What a share has been paid so far went by the same order. Promises: never more than is open.
insert into allotted
select s.repayment_id, s.customer_id, s.received_date, s.bill_id, s.instalment_id, s.paid - f.fee, f.fee
  from (
    select p.repayment_id, p.customer_id, p.received_date, i.bill_id, i.id as instalment_id, i.amount, i.fee, i.open_amount,
           array_position(c.waterfall, 'instalment_fee') < array_position(c.waterfall, 'principal') as fee_first,
           least(i.open_amount, p.amount - (sum(i.open_amount) over allotment - i.open_amount)) as paid
      from plain p
      join bills_bill b on b.customer_id = p.customer_id and b.settled_date is null
      join bills_productterms c on c.id = b.terms_id
      join bills_instalment i on i.bill_id = b.id and i.met_date is null
    window allotment as (
      partition by p.repayment_id
      order by coalesce(b.id = p.bill_id, false) desc, i.due_date, b.issued_date, b.reference collate "C", i.number
      rows unbounded preceding
    )
  ) s
 cross join lateral (
   select case when s.fee_first then least(s.paid, greatest(s.fee - (s.amount - s.open_amount), 0))
               else greatest(s.paid - greatest(s.open_amount - s.fee, 0), 0) end as fee
 ) f
 where s.paid > 0;
analyze allotted;

insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at, repayment_id)
select customer_id, bill_id, component, 'payment', -amount, received_date, %(at)s, repayment_id
  from (
    select a.customer_id, a.bill_id, part.component, part.amount, a.received_date, a.repayment_id
      from (
        select repayment_id, customer_id, received_date, bill_id, sum(principal) as principal, sum(fee) as fee
          from allotted group by repayment_id, customer_id, received_date, bill_id
      ) a cross join lateral (values ('instalment_fee', a.fee), ('principal', a.principal)) part (component, amount)
    union all
    select p.customer_id, null, 'credit', p.amount - coalesce(a.amount, 0), p.received_date, p.repayment_id
      from plain p
      left join (select repayment_id, sum(principal + fee) as amount from allotted group by repayment_id) a
        on a.repayment_id = p.repayment_id
  ) entry
 where amount > 0
 order by customer_id, bill_id, component;

update bills_instalment i
   set open_amount = i.open_amount - (a.principal + a.fee),
       met_date = case when i.open_amount = a.principal + a.fee then a.received_date end
  from allotted a
 where i.id = a.instalment_id;

update bills_bill b
   set open_principal = b.open_principal - a.principal, open_instalment_fee = b.open_instalment_fee - a.fee,
       settled_date = case when (b.open_principal, b.open_instalment_fee) = (a.principal, a.fee) then a.received_date end
  from (
    select bill_id, received_date, sum(principal) as principal, sum(fee) as fee from allotted group by bill_id, received_date
  ) a
 where b.id = a.bill_id;

update bills_repayment r
   set remainder = r.amount - coalesce(a.amount, 0)
  from plain p
  left join (select repayment_id, sum(principal + fee) as amount from allotted group by repayment_id) a
    on a.repayment_id = p.repayment_id
 where r.id = p.repayment_id and p.amount > coalesce(a.amount, 0);

update bills_account a
   set balance = a.balance - p.amount, credit_balance = a.credit_balance + r.remainder,
       latest_date = greatest(a.latest_date, r.received_date),
       changed_from_date = case when r.received_date <= (select max(date) from closing_day)
                                then least(a.changed_from_date, r.received_date) else a.changed_from_date end
  from plain p join bills_repayment r on r.id = p.repayment_id
 where a.customer_id = p.customer_id
