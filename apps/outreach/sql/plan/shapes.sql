-- The places, languages, texts and channels of the messages that are not there yet.
select distinct time_zone, language, template, channels from outreach_fresh order by 1, 2, 3, 4
