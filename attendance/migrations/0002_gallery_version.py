"""The gallery's version number, raised by the database itself, and the first policy."""

from django.db import migrations

from attendance import defaults

TABLES = (
    "attendance_person",
    "attendance_consent",
    "attendance_template",
    "attendance_matchpolicy",
)

FUNCTION = """
CREATE FUNCTION attendance_raise_gallery_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE attendance_gallerystate SET version = version + 1;
    RETURN NULL;
END
$$;
"""


def trigger(table):
    return (
        f"CREATE TRIGGER {table}_raises_gallery_version "
        f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION attendance_raise_gallery_version();"
    )


def drop_trigger(table):
    return f"DROP TRIGGER {table}_raises_gallery_version ON {table};"


def first_rows(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("attendance", "GalleryState").objects.using(alias).get_or_create(id=1)
    policies = apps.get_model("attendance", "MatchPolicy").objects.using(alias)
    if not policies.exists():
        policies.create(
            threshold=defaults.THRESHOLD,
            margin=defaults.MARGIN,
            min_face_px=defaults.MIN_FACE_PX,
            enrolment_min_face_px=defaults.ENROLMENT_MIN_FACE_PX,
            repeat_window_s=defaults.REPEAT_WINDOW_S,
            created_by="Lintel",
            why="Defaults of a new installation",
        )


class Migration(migrations.Migration):
    dependencies = [("attendance", "0001_initial")]

    operations = [
        migrations.RunPython(first_rows, migrations.RunPython.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION attendance_raise_gallery_version();"),
        *(migrations.RunSQL(trigger(table), drop_trigger(table)) for table in TABLES),
    ]
