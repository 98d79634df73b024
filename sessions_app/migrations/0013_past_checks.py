"""What sessions of the past have to say in the metrics: which of their checks failed, and whether a person decided."""

from django.db import migrations

FORWARD = """
UPDATE sessions_app_verificationsession AS session SET
    judged_checks = found.judged,
    failed_checks = found.failed,
    unclear_checks = ARRAY(SELECT unnest(found.unclear) EXCEPT SELECT unnest(found.failed) ORDER BY 1)
FROM (
    SELECT attempt.session_id,
        array_agg(DISTINCT record.check_name) AS judged,
        coalesce(array_agg(DISTINCT record.check_name) FILTER (WHERE record.status = 'FAILED'), '{}') AS failed,
        coalesce(array_agg(DISTINCT record.check_name) FILTER (WHERE record.status = 'UNCLEAR'), '{}') AS unclear
    FROM sessions_app_checkrecord AS record JOIN sessions_app_attempt AS attempt ON attempt.id = record.attempt_id
    GROUP BY attempt.session_id
) AS found
WHERE found.session_id = session.id;
UPDATE sessions_app_verificationsession AS session SET decided_by_hand = true
FROM sessions_app_review AS review
WHERE review.session_id = session.id AND review.undone_at IS NULL AND review.outcome = session.outcome;
"""


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0012_metrics_drift_and_replay")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
