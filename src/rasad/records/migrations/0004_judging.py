import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_project_last_listed"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClassJudgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "subject_kind",
                    models.CharField(choices=[("line", "line"), ("contract", "contract")], max_length=10),
                ),
                ("subject", models.CharField(max_length=120)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("why", models.TextField(blank=True)),
                ("group", models.UUIDField(blank=True, db_index=True, null=True)),
                ("holds", models.BooleanField(default=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "cls",
                    models.CharField(
                        choices=[
                            ("hardware", "hardware"),
                            ("software", "software"),
                            ("services", "services"),
                            ("staff", "staff"),
                            ("telecom_cloud", "telecom_cloud"),
                            ("other_it", "other_it"),
                            ("not_it", "not_it"),
                            ("unknown", "unknown"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("run", "run"), ("change", "change"), ("unknown", "unknown")], max_length=10
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="judgement",
            name="judgement_one_holds",
        ),
        migrations.RemoveField(
            model_name="judgement",
            name="replaced_by",
        ),
        migrations.AddField(
            model_name="judgement",
            name="holds",
            field=models.BooleanField(default=True),
        ),
        migrations.AlterField(
            model_name="allocationrule",
            name="conditions",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AlterField(
            model_name="allocationrule",
            name="parts",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="judgement",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("holds", True)),
                fields=("subject_kind", "subject"),
                name="judgement_one_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("holds", False), ("undone_at__isnull", True), _connector="OR"),
                name="judgement_undone_never_holds",
            ),
        ),
        migrations.AddField(
            model_name="classjudgement",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="classjudgement",
            index=models.Index(fields=["subject_kind", "subject"], name="classjudgement_of_subject"),
        ),
        migrations.AddConstraint(
            model_name="classjudgement",
            constraint=models.UniqueConstraint(
                fields=("subject_kind", "subject", "at"), name="classjudgement_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="classjudgement",
            constraint=models.UniqueConstraint(
                condition=models.Q(("holds", True)),
                fields=("subject_kind", "subject"),
                name="classjudgement_one_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="classjudgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("holds", False), ("undone_at__isnull", True), _connector="OR"),
                name="classjudgement_undone_never_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="classjudgement",
            constraint=models.CheckConstraint(
                condition=models.Q(("subject_kind", "line")), name="classjudgement_of_a_line"
            ),
        ),
    ]
