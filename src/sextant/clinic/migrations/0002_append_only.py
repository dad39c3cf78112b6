"""Triggers that refuse every change and removal of what is only ever added to.

They hold for the ORM, for bulk statements and for raw SQL alike; a correction is a new row.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ADDED_TO_ONLY = (
    "clinic_auditentry",
    "clinic_fact",
    "clinic_patientcorrection",
    "clinic_policyversion",
    "clinic_recommendation",
)
# The first line of a chart is corrected in place, its past kept beside it; the chart itself is never removed.
NEVER_REMOVED = ("clinic_patient",)


def _refused(table: str, action: str) -> str:
    return f"{table}: {action} refused, records are corrected by addition"


def add_triggers(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    forbidden = [(table, action) for table in ADDED_TO_ONLY for action in ("UPDATE", "DELETE")]
    forbidden += [(table, "DELETE") for table in NEVER_REMOVED]
    if schema_editor.connection.vendor == "sqlite":
        for table, action in forbidden:
            schema_editor.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{_refused(table, action)}'); END"
            )
        return
    schema_editor.execute(
        "CREATE FUNCTION clinic_added_to_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%: % refused, records are corrected by addition', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'restrict_violation'; END $$",
        params=None,  # its % are not placeholders
    )
    for table, action in forbidden:
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION clinic_added_to_only()"
        )
    for table in (*ADDED_TO_ONLY, *NEVER_REMOVED):
        schema_editor.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION clinic_added_to_only()"
        )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]

    operations = [migrations.RunPython(add_triggers, elidable=False)]
