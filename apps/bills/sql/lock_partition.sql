-- Locks every account of the partition, in the order in which postings lock them: whatever arrives meanwhile is played before
-- this step or after it, never half. An account that is not late may be made late by what arrives, so none is left out.
select id from bills_account where customer_id %% %(partitions)s = %(partition)s order by customer_id for update
