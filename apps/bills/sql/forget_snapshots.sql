-- Takes certain customers' snapshots of a month's end away, to be stated anew.
delete from bills_billsnapshot where month_end_date = %(date)s and {whose}
