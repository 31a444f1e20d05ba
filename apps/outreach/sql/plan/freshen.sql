-- What is wanted and not there yet, beside what is known of the customer. Of several messages to one customer each counts for the
-- next, so they are looked at singly.
insert into outreach_fresh
with named as (
  select w.*, '{name}' as name, c.language, c.time_zone,
         c.reference || '-' || w.purpose || '-' || to_char(w.anchor_date, 'YYYY-MM-DD') as reference
    from outreach_wanted w
   cross join lateral (
     select reference, language, time_zone from customers_customer where id = w.customer_id offset 0
   ) c
)
select number, customer_id, reference, name, language, time_zone, purpose, template, channels, due_date,
       currency || ' ' || to_char(amount, 'FM999,999,999,990.00'),
       case when language like 'zh%' then to_char(due_date, 'FMYYYY"年"FMMM"月"FMDD"日"')
            else to_char(due_date, 'YYYY-MM-DD') end,
       days::text, count(*) over (partition by customer_id) > 1
  from named
 where not exists (select from outreach_message m where m.reference = named.reference)
