from django.db import migrations

# The log is a proof, as the history of an event is: not even this project's own code may rewrite it.
REFUSE = """
CREATE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A line of the log is never changed nor deleted.';
END $$;
CREATE TRIGGER log_append_only BEFORE UPDATE OR DELETE ON organizers_logline
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_log();
"""
ALLOW = """
DROP TRIGGER log_append_only ON organizers_logline;
DROP FUNCTION refuse_change_of_log();
"""


class Migration(migrations.Migration):
    dependencies = [("organizers", "0008_log_of_access")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
