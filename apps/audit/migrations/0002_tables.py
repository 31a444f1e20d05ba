from django.db import migrations

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("audit", "0001_initial"),)

    operations = (migrations.RunSQL(load("audit", "tables"), "DROP SCHEMA audit CASCADE"),)
