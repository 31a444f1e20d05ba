-- The staging tables of one batch of played accounts; they live as long as the transaction.
create temporary table if not exists posted_bill (
  id bigint primary key, open_principal numeric(14, 2), open_instalment_fee numeric(14, 2), open_late_fee numeric(14, 2),
  open_interest numeric(14, 2), open_cost numeric(14, 2), late_fee_accrued numeric(18, 6), late_fee_posted numeric(14, 2),
  interest_accrued numeric(18, 6), interest_posted numeric(14, 2), accrued_through_date date, settled_date date,
  written_off_date date
) on commit drop;
create temporary table if not exists posted_instalment (
  bill_id bigint, customer_id bigint, number smallint, due_date date, grace_days smallint, amount numeric(14, 2),
  fee numeric(14, 2), open_amount numeric(14, 2), met_date date, restructuring_id bigint, replaced_by_id bigint,
  primary key (bill_id, number)
) on commit drop;
create temporary table if not exists posted_account (
  customer_id bigint primary key, balance numeric(14, 2), credit_balance numeric(14, 2), latest_date date,
  changed_date date, closed_date date
) on commit drop;
create temporary table if not exists posted_remainder (
  kind text, id bigint, remainder numeric(14, 2), unbilled numeric(14, 2), primary key (kind, id)
) on commit drop;
create temporary table if not exists posted_entry (
  customer_id bigint, bill_id bigint, component varchar(20), kind varchar(10), amount numeric(14, 2), effective_date date,
  booked_at timestamptz, repayment_id bigint, refund_id bigint, waiver_id bigint, restructuring_id bigint,
  payout_id bigint, write_off_id bigint, reverses_id bigint
) on commit drop;
create temporary table if not exists posted_change (customer_id bigint, changed_date date) on commit drop;
truncate posted_entry, posted_change, posted_bill, posted_instalment, posted_account, posted_remainder;
