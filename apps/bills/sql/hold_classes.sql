-- Notes the classes of a month's end at which observations hold these bills.
update bills_billsnapshot s
   set class_2023 = held.class_2023, class_card = held.class_card, stage = held.stage
  from unnest(%(bills)s::bigint[], %(classes_2023)s::text[], %(classes_card)s::text[], %(stages)s::smallint[])
    as held (bill_id, class_2023, class_card, stage)
 where s.bill_id = held.bill_id and s.month_end_date = %(date)s
