-- Takes back what the close of the first day of the benchmark's book wrote, so that it can be closed once more: in that book no day before
-- has left anything, and nothing but the close has made cases, messages and moves.
truncate closing_day, cases_case, outreach_gatedecision, bills_bucketmove, benchmark_event cascade;
update bills_account set oldest_due_date = null, late_since_date = null, bucket = 'M0'
 where oldest_due_date is not null or bucket <> 'M0';
