-- The limit that the intake is measured against: the repayments that COPY has put into their table are allocated by one
-- statement, written for this book alone: one bill a customer, one repayment each, fees of late days charged first, then
-- instalment fee before principal, the oldest instalment first, the rest credit. Left out, because the file has none: bad rows,
-- unknown payers, references that are known; and because nobody works beside it: locks.
with open_share as materialized (
  select r.id as repayment_id, r.customer_id, r.amount as money, r.received_date, i.id as instalment_id, i.bill_id, i.due_date,
         i.open_amount, i.fee, sum(i.open_amount) over due - i.open_amount as before,
         min(i.due_date) over (partition by i.bill_id) as oldest_due, row_number() over due = 1 as is_first
    from bills_repayment r
    join bills_instalment i on i.customer_id = r.customer_id and i.met_date is null
  window due as (partition by r.id order by i.due_date, i.number rows unbounded preceding)
), fee as materialized (
  select s.repayment_id, s.bill_id, s.received_date - s.oldest_due as days,
         greatest(round((b.open_principal + b.open_instalment_fee) * t.late_fee_daily_rate, 6), t.late_fee_daily_floor) as daily
    from open_share s
    join bills_bill b on b.id = s.bill_id
    join bills_productterms t on t.id = b.terms_id
   where s.is_first and s.oldest_due < s.received_date
), late as materialized (
  select repayment_id, bill_id, days * daily as accrued, round(days * daily, 2) as charged from fee
), paid as materialized (
  select s.*, p.amount as paid, least(p.amount, s.fee) as paid_fee
    from open_share s
    left join late l on l.repayment_id = s.repayment_id
   cross join lateral (
     select least(s.open_amount, greatest(s.money - least(s.money, coalesce(l.charged, 0)) - s.before, 0)) as amount
   ) p
   where p.amount > 0
), per_bill as materialized (
  select repayment_id, customer_id, bill_id, received_date, money, sum(paid) as paid, sum(paid_fee) as paid_fee
    from paid group by repayment_id, customer_id, bill_id, received_date, money
), whole as materialized (
  select p.*, coalesce(l.charged, 0) as charged, l.accrued, least(p.money, coalesce(l.charged, 0)) as paid_late
    from per_bill p left join late l on l.repayment_id = p.repayment_id
), entry as (
  insert into bills_ledgerentry (customer_id, bill_id, component, kind, amount, effective_date, booked_at, repayment_id)
  select w.customer_id, e.bill_id, e.component, e.kind, e.amount, w.received_date, %(at)s,
         case when e.kind = 'payment' then w.repayment_id end
    from whole w
   cross join lateral (values
     (w.bill_id, 'late_fee', 'charge', w.charged), (w.bill_id, 'late_fee', 'payment', -w.paid_late),
     (w.bill_id, 'instalment_fee', 'payment', -w.paid_fee), (w.bill_id, 'principal', 'payment', w.paid_fee - w.paid),
     (null::bigint, 'credit', 'payment', w.paid + w.paid_late - w.money)
   ) e (bill_id, component, kind, amount)
   where e.amount <> 0
), instalment as (
  update bills_instalment i
     set open_amount = i.open_amount - p.paid, met_date = case when i.open_amount = p.paid then p.received_date end
    from paid p where i.id = p.instalment_id
), bill as (
  update bills_bill b
     set open_principal = b.open_principal - (w.paid - w.paid_fee), open_instalment_fee = b.open_instalment_fee - w.paid_fee,
         open_late_fee = w.charged - w.paid_late, late_fee_accrued = coalesce(w.accrued, 0), late_fee_posted = w.charged,
         accrued_through_date = case when w.accrued is not null then w.received_date end,
         settled_date = case when b.open_principal + b.open_instalment_fee = w.paid and w.charged = w.paid_late
                             then w.received_date end
    from whole w where b.id = w.bill_id
), receipt as (
  update bills_repayment r set remainder = w.money - w.paid - w.paid_late
    from whole w where r.id = w.repayment_id and w.money > w.paid + w.paid_late
)
update bills_account a
   set balance = a.balance + w.charged - w.money, credit_balance = w.money - w.paid - w.paid_late, latest_date = w.received_date
  from whole w where a.customer_id = w.customer_id
