-- Books the entries of a posting, in the order in which they were staged.
insert into bills_ledgerentry (
  customer_id, bill_id, component, kind, amount, effective_date, booked_at, repayment_id, refund_id, waiver_id,
  restructuring_id, payout_id, write_off_id, reverses_id
)
select customer_id, bill_id, component, kind, amount, effective_date, booked_at, repayment_id, refund_id, waiver_id,
       restructuring_id, payout_id, write_off_id, reverses_id
  from posted_entry
