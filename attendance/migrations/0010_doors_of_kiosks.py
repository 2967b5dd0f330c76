"""Every kiosk gets a door of its name, open to everybody at any time: nothing changes by this."""

import django.db.models.deletion
from django.db import migrations, models

# Doors and areas of one site only: a key over two columns, which the models cannot declare.
SAME_SITE = """
ALTER TABLE attendance_area ADD CONSTRAINT area_and_site UNIQUE (id, site_id);
ALTER TABLE attendance_door ADD CONSTRAINT door_and_site UNIQUE (id, site_id);
ALTER TABLE attendance_door ADD CONSTRAINT door_area_of_same_site
    FOREIGN KEY (area_id, site_id) REFERENCES attendance_area (id, site_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE attendance_kiosk ADD CONSTRAINT kiosk_door_of_same_site
    FOREIGN KEY (door_id, site_id) REFERENCES attendance_door (id, site_id)
    DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE attendance_dooroverride ADD CONSTRAINT override_door_of_same_site
    FOREIGN KEY (door_id, site_id) REFERENCES attendance_door (id, site_id)
    DEFERRABLE INITIALLY DEFERRED;
"""
ANY_SITE = """
ALTER TABLE attendance_dooroverride DROP CONSTRAINT override_door_of_same_site;
ALTER TABLE attendance_kiosk DROP CONSTRAINT kiosk_door_of_same_site;
ALTER TABLE attendance_door DROP CONSTRAINT door_area_of_same_site;
ALTER TABLE attendance_door DROP CONSTRAINT door_and_site;
ALTER TABLE attendance_area DROP CONSTRAINT area_and_site;
"""
# Rows just written wait for their foreign keys to be checked, and a table with such rows cannot be
# altered.
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE;"

OLD_REASONS = (
    "matched",
    "no_face",
    "several_faces",
    "face_too_small",
    "face_turned",
    "face_tilted",
    "blurred",
    "too_dark",
    "too_bright",
    "low_contrast",
    "cut_off",
    "inconsistent_frames",
    "undecodable",
    "empty_gallery",
    "not_recognised",
    "ambiguous",
    "not_permitted",
)


def open_doors(apps, schema_editor):
    alias = schema_editor.connection.alias

    def rows(name):
        return apps.get_model("attendance", name).objects.using(alias)

    everybody, _ = rows("Group").get_or_create(everybody=True, defaults={"name": "Everybody"})
    always, _ = rows("Schedule").get_or_create(
        always=True, defaults={"name": "Always", "minds_holidays": False}
    )
    for kiosk in rows("Kiosk").filter(door=None).order_by("pk"):
        door, made = rows("Door").get_or_create(site_id=kiosk.site_id, name=kiosk.name)
        if made:
            rows("AccessRule").create(door=door, group=everybody, schedule=always, effect="grant")
        kiosk.door = door
        kiosk.save(update_fields=["door"])


def without_new_reasons(apps, schema_editor):
    check_ins = apps.get_model("attendance", "CheckIn").objects
    check_ins.using(schema_editor.connection.alias).exclude(reason__in=OLD_REASONS).update(
        reason="not_permitted", person=None
    )


class Migration(migrations.Migration):
    dependencies = [("attendance", "0009_access_policy")]

    operations = [
        migrations.RunPython(open_doors, without_new_reasons),
        migrations.RunSQL(CHECK_NOW, migrations.RunSQL.noop),
        migrations.AlterField(
            "kiosk",
            "door",
            models.ForeignKey(
                blank=True,
                help_text="Empty: a new door of the kiosk's name, open to everybody at any time.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kiosks",
                to="attendance.door",
                verbose_name="door",
            ),
        ),
        migrations.RunSQL(SAME_SITE, ANY_SITE),
    ]
