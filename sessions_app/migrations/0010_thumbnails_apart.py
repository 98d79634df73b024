from django.db import migrations


class Migration(migrations.Migration):
    """Keeps thumbnails out of the rows that the search of duplicates goes through; the sealed face of 540 bytes stays in them."""

    dependencies = [("sessions_app", "0009_list_indexes")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE sessions_app_capture SET (toast_tuple_target = 1024)",
            reverse_sql="ALTER TABLE sessions_app_capture RESET (toast_tuple_target)",
        )
    ]
