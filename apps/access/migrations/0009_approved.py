from django.db import migrations

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("access", "0008_delegations"),)

    operations = (
        migrations.RunSQL(
            load("access", "approved"),
            "DROP TRIGGER access_check_request ON access_approvalrequest;"
            " DROP TRIGGER access_check_decision ON access_approvaldecision;"
            " DROP FUNCTION access_demand_approval, access_check_decision, access_check_request, access_is_above",
        ),
    )
