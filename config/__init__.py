"""Wiring: settings, urls, celery; imported by nobody."""
