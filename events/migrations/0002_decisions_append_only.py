from django.db import migrations

# The history is a proof: not even this project's own code may rewrite it.
REFUSE = """
CREATE FUNCTION refuse_change_of_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A decision is never changed nor deleted.';
END $$;
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON events_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_decision();
"""
ALLOW = """
DROP TRIGGER decision_append_only ON events_decision;
DROP FUNCTION refuse_change_of_decision();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0001_events")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
