-- Certain customers' snapshots of a month's end of bills about which there was an agreement by then, with their days past due.
select distinct s.bill_id, s.days_past_due
  from bills_restructuring r
  join bills_instalment i on i.customer_id = r.customer_id and r.id in (i.restructuring_id, i.replaced_by_id)
  join bills_billsnapshot s on s.bill_id = i.bill_id and s.month_end_date = %(date)s
 where r.undone_at is null and r.agreed_date <= %(date)s and r.{whose}
