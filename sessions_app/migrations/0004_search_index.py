import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0003_one_end_per_session")]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="verificationsession",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search_text"], name="session_search", opclasses=["gin_trgm_ops"]),
        ),
    ]
