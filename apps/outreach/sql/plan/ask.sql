-- Notes down every channel that a message may take, with all that the gate's answer depends on: the way (channel and place), the best
-- contact point and its consent by the day of the contact. Where there is more to it, a contact that a cap may count, an hour that
-- is not the same for everybody at the place, a text that does not exist, the message is looked at singly.
insert into outreach_asked
with way as materialized (
  select * from unnest(
    %(way_zones)s::text[], %(way_channels)s::text[], %(way_kinds)s::text[], %(way_days)s::date[], %(way_counts)s::text[],
    %(way_since)s::timestamptz[], %(way_plain)s::boolean[]
  ) with ordinality as way (time_zone, channel, kind, day, counts, since, is_plain, number)
), said as materialized (
  select * from unnest(%(text_codes)s::text[], %(text_channels)s::text[], %(text_languages)s::text[])
    with ordinality as said (code, channel, language, number)
), counted as materialized (
  select past.customer_id, past.channel, max(past.at) as at
    from outreach_fresh f
   cross join lateral (
     select m.customer_id, m.channel, coalesce(m.sent_at, m.scheduled_at) as at
       from outreach_message m
      where m.customer_id = f.customer_id and m.status in ('sent', 'planned')
        and coalesce(m.sent_at, m.scheduled_at) >= %(since)s
      union all
     select a.customer_id, 'call', a.called_at
       from outreach_callattempt a where a.customer_id = f.customer_id and a.called_at >= %(since)s
   ) past
   group by past.customer_id, past.channel
), concerned as materialized (
  select distinct counted.customer_id, way.number as way
    from counted
    join way on counted.channel = any(string_to_array(way.counts, ' ')) and counted.at >= way.since
)
select f.number, ch.place, way.number, said.number, p.id, coalesce(p.value, ''),
       case when p.id is null then 'none' when p.is_valid then 'valid' else 'wrong' end,
       case when p.consented_date is null then 'none' when p.consented_date <= way.day then 'given' else 'later' end,
       f.is_single or not way.is_plain or said.number is null or concerned.way is not null
  from outreach_fresh f
 cross join lateral unnest(f.channels) with ordinality as ch (channel, place)
  join way on way.time_zone = f.time_zone and way.channel = ch.channel
  left join said on said.code = f.template and said.channel = ch.channel and said.language = f.language
  left join concerned on concerned.customer_id = f.customer_id and concerned.way = way.number
  left join lateral (
    select p.id, p.value, p.is_valid, p.consented_date
      from customers_contactpoint p
     where p.customer_id = f.customer_id and p.kind = way.kind
     order by not (p.is_valid and p.consented_date is not null), p.id limit 1
  ) p on true
