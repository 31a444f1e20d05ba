-- Has the messages to customers about whom there is a further rule looked at singly.
update outreach_fresh set is_single = true where customer_id = any(%(customers)s)
