-- Brings each bill's open amounts and accrual in line; a bill that is right already is not touched.
update bills_bill b
   set open_principal = p.open_principal, open_instalment_fee = p.open_instalment_fee, open_late_fee = p.open_late_fee,
       open_interest = p.open_interest, open_cost = p.open_cost, late_fee_accrued = p.late_fee_accrued,
       late_fee_posted = p.late_fee_posted, interest_accrued = p.interest_accrued, interest_posted = p.interest_posted,
       accrued_through_date = p.accrued_through_date, settled_date = p.settled_date,
       written_off_date = p.written_off_date
  from posted_bill p
 where p.id = b.id
   and ((b.open_principal, b.open_instalment_fee, b.open_late_fee, b.open_interest, b.open_cost, b.late_fee_accrued,
         b.late_fee_posted, b.interest_accrued, b.interest_posted)
        is distinct from
        (p.open_principal, p.open_instalment_fee, p.open_late_fee, p.open_interest, p.open_cost, p.late_fee_accrued,
         p.late_fee_posted, p.interest_accrued, p.interest_posted)
        or (b.accrued_through_date, b.settled_date, b.written_off_date)
           is distinct from (p.accrued_through_date, p.settled_date, p.written_off_date))
