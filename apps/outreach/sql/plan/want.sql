-- Notes down messages that a caller wants, in their order.
insert into outreach_wanted (customer_id, purpose, template, channels, anchor_date, due_date, amount, currency, days)
select customer_id, purpose, template, string_to_array(channels, ' '), anchor_date, due_date, amount, currency, days
  from unnest(
    %s::bigint[], %s::text[], %s::text[], %s::text[], %s::date[], %s::date[], %s::numeric[], %s::text[], %s::integer[]
  ) with ordinality as want (customer_id, purpose, template, channels, anchor_date, due_date, amount, currency, days, place)
 order by place
    on conflict (customer_id, purpose, anchor_date) do nothing
