-- Certain customers' closed past is stated as it is known now. A roll-up that counts no bill any more is not kept.
with emptied as (
  delete from bills_monthrollup where bills = 0
), emptied_classes as (
  delete from bills_classrollup where bills = 0
)
update bills_account set changed_from_date = null where customer_id = any(%(customers)s)
