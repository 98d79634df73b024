from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0014_early_signs")]

    operations = [
        migrations.AddField(
            model_name="sweeprun",
            name="place",
            field=models.BigIntegerField(help_text="How far a sweep that walks through the past has come: a key.", null=True),
        )
    ]
