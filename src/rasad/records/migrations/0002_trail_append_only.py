"""The database itself refuses to change or take away what is on the audit trail."""

from django.db import migrations

TABLE = "records_auditevent"
SQLITE = """
create trigger trail_no_update before update on records_auditevent
begin select raise(abort, 'the audit trail is append-only'); end;
create trigger trail_no_delete before delete on records_auditevent
begin select raise(abort, 'the audit trail is append-only'); end;
"""
POSTGRESQL = """
create function trail_append_only() returns trigger language plpgsql as $$
begin raise exception 'the audit trail is append-only'; end $$;
create trigger trail_no_change before update or delete on records_auditevent
for each row execute function trail_append_only();
create trigger trail_no_truncate before truncate on records_auditevent
for each statement execute function trail_append_only();
"""


def guard(apps, editor):
    connection = editor.connection
    if connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
    elif connection.vendor == "sqlite":
        for statement in SQLITE.split("end;")[:-1]:
            editor.execute(f"{statement}end;")
    else:
        raise NotImplementedError(f"no guard of the audit trail for {connection.vendor}")


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
