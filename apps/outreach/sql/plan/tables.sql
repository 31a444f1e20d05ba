-- The working tables of a plan: they stay as long as the connection and are empty when a plan begins.
-- outreach_wanted: what is to be said, in order; of the same contact twice the first is kept.
-- outreach_fresh: what of it is not there yet, with what is known of the customer.
-- outreach_asked: every channel that a message may take, in order of preference, with what its sort depends on.
create temporary table if not exists outreach_wanted (
  number bigint generated always as identity primary key, customer_id bigint, purpose text, template text, channels text[],
  anchor_date date, due_date date, amount numeric(14, 2), currency text, days integer,
  unique (customer_id, purpose, anchor_date)
) on commit delete rows;
create temporary table if not exists outreach_fresh (
  number bigint primary key, customer_id bigint, reference text, name text, language text, time_zone text, purpose text,
  template text, channels text[], due_date date, amount text, day text, days text, is_single boolean
) on commit delete rows;
create temporary table if not exists outreach_asked (
  number bigint, place bigint, way integer, text integer, point_id bigint, address text, point text, consent text, is_single boolean
) on commit delete rows;
delete from outreach_wanted;
delete from outreach_fresh;
delete from outreach_asked;
