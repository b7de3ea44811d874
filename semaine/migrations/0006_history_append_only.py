from django.db import migrations

# The history of editions and lists is a proof: not even this project's own code may rewrite it. A type of content
# that no longer exists may still go, which Django asks for when a model is removed.
REFUSE = """
CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A line of the history is never changed nor deleted.';
END $$;
CREATE TRIGGER history_append_only
    BEFORE DELETE OR UPDATE OF user_id, action_time, object_id, object_repr, action_flag, change_message
    ON django_admin_log FOR EACH ROW EXECUTE FUNCTION refuse_change_of_history();
"""
ALLOW = """
DROP TRIGGER history_append_only ON django_admin_log;
DROP FUNCTION refuse_change_of_history();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("semaine", "0005_edition_announced_figures"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
