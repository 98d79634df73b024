"""The audit trail and the tuning journal cannot be emptied either: a trigger for each row does not see TRUNCATE."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON settings_app_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER journal_never_emptied BEFORE TRUNCATE ON settings_app_thresholdchange
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER audit_never_emptied ON settings_app_auditevent;
DROP TRIGGER journal_never_emptied ON settings_app_thresholdchange;
"""


class Migration(migrations.Migration):
    dependencies = [("settings_app", "0011_audit_of_settings")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
