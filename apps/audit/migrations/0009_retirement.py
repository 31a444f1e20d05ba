from django.db import migrations

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("audit", "0008_anchors"),)

    operations = (migrations.RunSQL(load("audit", "retirement"), "DROP TABLE audit.retired"),)
