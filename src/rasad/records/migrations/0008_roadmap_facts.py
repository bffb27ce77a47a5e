from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_plan_explanation"),
    ]

    operations = [
        migrations.AddField(
            model_name="project",
            name="started_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="scenario",
            name="facts",
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="scenarioplan",
            name="alternatives",
            field=models.JSONField(blank=True, null=True),
        ),
    ]
