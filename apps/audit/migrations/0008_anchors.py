from django.db import migrations, models

from apps.core.sql import load


class Migration(migrations.Migration):
    dependencies = (("audit", "0007_erasures"),)

    operations = (
        migrations.RunSQL(load("audit", "cosignatures"), "DROP TABLE audit.cosignature"),
        migrations.CreateModel(
            name="AnchorDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("target", models.TextField()),
                ("origin", models.TextField()),
                ("size", models.BigIntegerField()),
                ("note", models.TextField()),
                ("queued_at", models.DateTimeField()),
                ("next_at", models.DateTimeField()),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("target", "origin", "size"), name="audit_anchordelivery_once"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("delivered_at__isnull", True)),
                        fields=["next_at", "id"],
                        name="audit_anchordelivery_waiting",
                    ),
                ],
            },
        ),
    )
