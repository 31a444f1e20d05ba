-- Queues the messages, each on the first channel of which the gate said yes to its sort, or keeps that it is blocked, with every
-- decision on the way there. Answers how many were queued and blocked, and which are left to be looked at singly: those that are
-- not of one sort with others, and those whose text may have banned wording in it.
with way as materialized (
  select * from unnest(%(way_channels)s::text[], %(way_opens)s::timestamptz[]) with ordinality as way (channel, opens_at, number)
), said as materialized (
  select * from unnest(%(text_templates)s::bigint[], %(text_subjects)s::text[], %(text_bodies)s::text[], %(text_folded)s::text[])
    with ordinality as said (template_id, subject, body, folded, number)
), answer as materialized (
  select * from unnest(
    %(sort_ways)s::integer[], %(sort_points)s::text[], %(sort_consents)s::text[],
    %(allowed)s::boolean[], %(reasons)s::text[], %(counters)s::text[], %(rules)s::text[]
  ) as answer (way, point, consent, is_allowed, reasons, counters, rules)
), tried as (
  select a.number, a.place, a.way, a.text, a.point_id, a.address, v.is_allowed, v.reasons, v.counters, v.rules,
         min(a.place) filter (where v.is_allowed) over message as yes, bool_or(a.is_single) over message as is_single
    from outreach_asked a
    left join answer v on v.way = a.way and v.point = a.point and v.consent = a.consent
  window message as (partition by a.number)
), reached as materialized (
  select t.number, t.place, t.place = coalesce(t.yes, 1) as is_chosen, t.point_id, t.address, t.is_allowed, t.reasons, t.counters,
         t.rules, way.channel, f.customer_id, f.reference, f.purpose, f.due_date, f.name, f.amount, f.day, f.days,
         said.template_id, said.subject, said.body,
         way.opens_at + ('x' || encode(substr(sha256(convert_to(f.reference, 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint
           %% %(spread)s * interval '1 second' as at,
         f.name !~ '^[ -~·一-鿿]*$' or coalesce(
           format(said.folded, lower(f.name), %(folded_lender)s, lower(f.amount), f.day, f.days) ~ %(banned)s, false
         ) as is_doubtful
    from tried t
    join outreach_fresh f on f.number = t.number
    join way on way.number = t.way
    join said on said.number = t.text
   where not t.is_single and t.place <= coalesce(t.yes, t.place)
), clear as materialized (
  select nextval(pg_get_serial_sequence('outreach_gatedecision', 'id')) as decision_id, r.*
    from (
      select *, bool_or(is_doubtful) over (partition by number) as is_single from reached order by number, place
    ) r
   where not is_single
), decided as (
  insert into outreach_gatedecision
    (id, customer_id, channel, planned_at, decided_at, is_allowed, reasons, counters, rules)
  select decision_id, customer_id, channel, at, %(at)s, is_allowed, reasons, counters, rules from clear order by decision_id
), queued as (
  insert into outreach_message
    (reference, customer_id, purpose, channel, contact_point_id, template_id, decision_id, due_date, address, subject, body,
     status, planned_at, scheduled_at, attempts, provider, provider_reference, error)
  select reference, customer_id, purpose, channel, point_id, template_id, decision_id, due_date, address,
         format(subject, name, %(lender)s, amount, day, days), format(body, name, %(lender)s, amount, day, days),
         case when is_allowed then 'planned' else 'blocked' end, %(at)s, at, 0, '', '', ''
    from clear where is_chosen order by decision_id
  returning status
)
select (select count(*) from queued where status = 'planned'), (select count(*) from queued where status = 'blocked'),
       array(select number from outreach_fresh except select number from clear order by 1)
