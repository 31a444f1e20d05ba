-- Names with each purchase the statement that billed its first share.
update bills_purchase p
   set bill_id = l.bill_id
  from bills_statementline l
 where l.bill_id = any(%(bills)s) and l.purchase_id = p.id and p.bill_id is null
