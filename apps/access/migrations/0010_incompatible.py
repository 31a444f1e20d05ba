from django.db import migrations

from apps.core.sql import load

BACK = """
ALTER TABLE access_incompatibleroles DROP CONSTRAINT access_incompatibleroles_two;
DROP INDEX access_incompatibleroles_unordered;
DROP TRIGGER access_check_pair ON access_incompatibleroles;
DROP TRIGGER access_check_delegation ON access_delegation;
DROP TRIGGER access_check_grant ON access_rolegrant;
DROP FUNCTION access_check_pair, access_check_delegation, access_check_grant, access_refuse_pair, access_may_not_meet;
"""


class Migration(migrations.Migration):
    dependencies = (("access", "0009_approved"),)

    operations = (migrations.RunSQL(load("access", "incompatible"), BACK),)
