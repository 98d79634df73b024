"""Early signs of drift: what a single market shows before it is an alert. Alerts that exist stay what they are."""

from __future__ import annotations

from django.db import migrations, models

OPEN = models.Q(acknowledged_at=None, faded_at=None)


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0013_past_checks")]

    operations = [
        migrations.AddField(
            model_name="driftalert",
            name="is_early",
            field=models.BooleanField(default=False, help_text="An early sign of a market: not in the ribbon, and not in a mail."),
        ),
        migrations.AddField(
            model_name="driftalert",
            name="faded_at",
            field=models.DateTimeField(help_text="When an early sign was none any more.", null=True),
        ),
        migrations.AlterField(
            model_name="driftalert",
            name="raised_at",
            field=models.DateTimeField(help_text="When it was noticed; of an early sign that grew, when it became an alert."),
        ),
        migrations.RemoveConstraint(model_name="driftalert", name="drift_one_open_alert_per_rate"),
        migrations.AddConstraint(
            model_name="driftalert",
            constraint=models.UniqueConstraint(name="drift_one_open_alert_per_rate", fields=["company", "market", "rate"], condition=OPEN),
        ),
        migrations.AddConstraint(
            model_name="driftalert",
            constraint=models.CheckConstraint(
                name="drift_early_signs_are_of_markets", condition=models.Q(is_early=False) | ~models.Q(market="")
            ),
        ),
        migrations.AddConstraint(
            model_name="driftalert",
            constraint=models.CheckConstraint(
                name="drift_only_open_early_signs_fade",
                condition=models.Q(faded_at=None) | models.Q(is_early=True, acknowledged_at=None),
            ),
        ),
    ]
