from django.db import migrations

# As the last decision that judged the rules found them.
FILL = """
UPDATE events_event SET points_to_check = found.rules
FROM (
    SELECT event_id, array_agg(DISTINCT finding ->> 'rule') AS rules
    FROM (
        SELECT DISTINCT ON (event_id) event_id, findings
        FROM events_decision WHERE findings <> '[]' ORDER BY event_id, id DESC
    ) AS last, jsonb_array_elements(findings) AS finding
    WHERE finding ->> 'verdict' <> 'passed' AND finding ->> 'rule' <> 'purpose'
    GROUP BY event_id
) AS found
WHERE events_event.id = found.event_id
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0016_points_to_check")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
