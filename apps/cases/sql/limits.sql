-- Whether a step acts for a case: it is for the case's segment and arm, does not wait, and nothing that ends it has happened.
     and (step.arms = '{}' or c.arm = any(step.arms))
     and (
       step.segments = '{}'
       or exists (select from cases_segmented g where g.case_id = c.id and g.code = any(step.segments))
     )
     and (
       step.wait = 0
       or not exists (
         select from outreach_message m
          where m.customer_id = c.customer_id and m.status in ('planned', 'sent')
            and m.planned_at > %(at)s - step.wait * interval '1 day'
       ) and not exists (
         select from cases_contact contact
          where contact.case_id = c.id and contact.contacted_date > %(date)s::date - step.wait and contact.contacted_date <= %(date)s
       )
     )
     and not (
       'promise' = any(step.exits) and exists (select from cases_promise p where p.case_id = c.id and p.status = 'open')
       or 'right_party' = any(step.exits) and exists (
         select from cases_contact contact
          where contact.case_id = c.id and contact.outcome = any(%(right_party)s)
            and contact.contacted_date between c.stage_date and %(date)s
       )
       or 'payment' = any(step.exits) and exists (
         select from bills_ledgerentry e
          where e.customer_id = c.customer_id and e.repayment_id is not null and e.amount < 0
            and e.effective_date between c.stage_date and %(date)s
       )
     )
