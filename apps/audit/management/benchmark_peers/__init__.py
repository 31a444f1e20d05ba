"""The same rows under django-auditlog and django-pghistory: an app that only the benchmark's process installs."""
