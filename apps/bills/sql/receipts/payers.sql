-- Who the unknown payers are said to be, and what they wrote, in the clear as the file has it: a name, or else the customer it gives.
select r.row, r.reference, coalesce(nullif(r.payer, ''), r.customer, ''), coalesce(r.purpose, '')
  from resolved r
 where r.customer_id is null and not r.known and not exists (select from refusal f where f.row = r.row)
