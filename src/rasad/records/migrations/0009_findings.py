import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_roadmap_facts"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScenarioFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(choices=[("front", "front"), ("forecast", "forecast")], max_length=20),
                ),
                ("problem_hash", models.CharField(max_length=64)),
                ("plan", models.PositiveIntegerField(blank=True, null=True)),
                ("asked", models.JSONField()),
                ("found", models.JSONField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "scenario",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="records.scenario",
                    ),
                ),
            ],
            options={
                "ordering": ["scenario", "-number"],
            },
        ),
        migrations.AddConstraint(
            model_name="scenariofinding",
            constraint=models.UniqueConstraint(fields=("scenario", "number"), name="scenario_finding_once"),
        ),
        migrations.AddConstraint(
            model_name="scenariofinding",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("front", "forecast"))), name="scenario_finding_known"
            ),
        ),
    ]
