from django.db import migrations

# A published figure is found again as it was: not even this project's own code may rewrite it.
REFUSE = """
CREATE FUNCTION refuse_change_of_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A snapshot of figures is never changed nor deleted.';
END $$;
CREATE TRIGGER snapshot_never_changes BEFORE UPDATE OR DELETE ON events_figuressnapshot
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_snapshot();
"""
ALLOW = """
DROP TRIGGER snapshot_never_changes ON events_figuressnapshot;
DROP FUNCTION refuse_change_of_snapshot();
"""


class Migration(migrations.Migration):
    dependencies = [("events", "0025_figures_snapshots")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
