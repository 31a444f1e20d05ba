import django.db.models.deletion
from django.db import migrations, models

CLASSES = ["normal", "special_mention", "substandard", "doubtful", "loss"]

# What is kept already gets the classes that follow from its days past due, and is added up by them. Where an agreement
# holds a bill in worse ones, `manage.py restate_month_ends` says so.
CLASSIFY = """
update bills_billsnapshot
   set class_2023 = (array['normal', 'special_mention', 'substandard', 'doubtful', 'loss'])
                    [1 + width_bucket(days_past_due, array[1, 91, 271, 361])],
       class_card = (array['normal', 'special_mention', 'substandard', 'doubtful', 'loss'])
                    [1 + width_bucket(days_past_due, array[1, 91, 121, 181])],
       stage = 1 + width_bucket(days_past_due, array[31, 91])
 where days_past_due > 0
"""
ADD_UP = """
insert into bills_classrollup
  (month_end_date, product_id, bucket, class_2023, class_card, stage, bills, open_principal, open_fees)
select s.month_end_date, t.product_id, s.bucket, s.class_2023, s.class_card, s.stage, count(*), sum(s.open_principal),
       sum(s.open_fees)
  from bills_billsnapshot s
  join bills_bill b on b.id = s.bill_id
  join bills_productterms t on t.id = b.terms_id
 group by 1, 2, 3, 4, 5, 6
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bills", "0015_payout_returns"),
    ]

    operations = [
        migrations.AddField(
            model_name="billsnapshot",
            name="class_2023",
            field=models.CharField(default="normal", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="billsnapshot",
            name="class_card",
            field=models.CharField(default="normal", max_length=20),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="billsnapshot",
            name="stage",
            field=models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.RunSQL(CLASSIFY, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="billsnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("class_2023__in", CLASSES)), name="bills_billsnapshot_class_2023"
            ),
        ),
        migrations.AddConstraint(
            model_name="billsnapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(("class_card__in", CLASSES)), name="bills_billsnapshot_class_card"
            ),
        ),
        migrations.CreateModel(
            name="ClassRollUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month_end_date", models.DateField()),
                ("bucket", models.CharField(max_length=3)),
                ("class_2023", models.CharField(max_length=20)),
                ("class_card", models.CharField(max_length=20)),
                ("stage", models.PositiveSmallIntegerField()),
                ("bills", models.IntegerField()),
                ("open_principal", models.DecimalField(decimal_places=2, max_digits=14)),
                ("open_fees", models.DecimalField(decimal_places=2, max_digits=14)),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="class_roll_ups",
                        to="bills.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month_end_date", "product", "bucket", "class_2023", "class_card", "stage"),
                        name="bills_classrollup_once",
                    )
                ],
            },
        ),
        migrations.RunSQL(ADD_UP, migrations.RunSQL.noop),
    ]
