-- Where the limit keeps its events, one a changed case.
create table benchmark_event (happened_at timestamptz, case_id bigint, event jsonb)
