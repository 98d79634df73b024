from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("settings_app", "0010_removed_fields_and_plates"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditevent",
            name="details",
            field=models.JSONField(default=dict, help_text="Ids, counts and settings, never personal data."),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(
                condition=models.Q(("kind__in", ("SETTINGS_CHANGED", "BRANDING_CHANGED"))),
                fields=["company", "-number"],
                name="audit_of_settings",
            ),
        ),
    ]
