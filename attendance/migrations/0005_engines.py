"""Engines that a site installs, and the engine in force beside its distances."""

import django.utils.timezone
from django.db import migrations, models


def refuse_to_mix(apps, schema_editor):
    policies = apps.get_model("attendance", "MatchPolicy").objects
    others = policies.using(schema_editor.connection.alias).exclude(engine_name="dlib-resnet")
    if others.exists():
        raise RuntimeError(
            "This migration cannot be undone: a policy of an engine that the site installed would "
            "be read as one of the built-in engine."
        )


class Migration(migrations.Migration):
    dependencies = [
        ("attendance", "0004_stricter_names_and_distances"),
    ]

    operations = [
        migrations.CreateModel(
            name="EngineSwitch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "engine_name",
                    models.CharField(editable=False, max_length=64, verbose_name="engine"),
                ),
                (
                    "begun_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="begun"
                    ),
                ),
                (
                    "begun_by",
                    models.CharField(editable=False, max_length=150, verbose_name="begun by"),
                ),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="ended")),
            ],
            options={
                "verbose_name": "switch of engine",
                "verbose_name_plural": "switches of engine",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="SiteEngine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="name"
                    ),
                ),
                (
                    "version",
                    models.CharField(editable=False, max_length=64, verbose_name="version"),
                ),
                (
                    "model_sha256",
                    models.CharField(
                        editable=False, max_length=64, verbose_name="SHA-256 of the model"
                    ),
                ),
                (
                    "dimension",
                    models.PositiveIntegerField(editable=False, verbose_name="dimension"),
                ),
                (
                    "licence",
                    models.CharField(editable=False, max_length=2000, verbose_name="licence"),
                ),
                (
                    "installed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="installed"
                    ),
                ),
                (
                    "installed_by",
                    models.CharField(editable=False, max_length=150, verbose_name="installed by"),
                ),
                (
                    "threshold",
                    models.FloatField(editable=False, null=True, verbose_name="threshold"),
                ),
                ("margin", models.FloatField(editable=False, null=True, verbose_name="margin")),
                (
                    "calibrated_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="calibrated"),
                ),
                (
                    "calibrated_by",
                    models.CharField(editable=False, max_length=150, verbose_name="calibrated by"),
                ),
                (
                    "calibrated_why",
                    models.CharField(editable=False, max_length=500, verbose_name="why"),
                ),
            ],
            options={
                "verbose_name": "installed engine",
                "verbose_name_plural": "installed engines",
                "ordering": ["name"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="matchpolicy",
            name="policy_threshold_in_range",
        ),
        migrations.RemoveConstraint(
            model_name="matchpolicy",
            name="policy_margin_in_range",
        ),
        migrations.AddField(
            model_name="matchpolicy",
            name="engine_name",
            field=models.CharField(
                default="dlib-resnet", editable=False, max_length=64, verbose_name="engine"
            ),
        ),
        migrations.AlterField(
            model_name="matchpolicy",
            name="margin",
            field=models.FloatField(
                help_text="How much farther away the second person must be (0 to 0.3).",
                verbose_name="margin",
            ),
        ),
        migrations.AlterField(
            model_name="matchpolicy",
            name="threshold",
            field=models.FloatField(
                help_text="Largest distance at which a face counts as the enrolled person (0.2 to 0.6).",
                verbose_name="threshold",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("engine_name", "dlib-resnet"),
                        ("threshold__gte", 0.2),
                        ("threshold__lte", 0.6),
                    ),
                    models.Q(
                        models.Q(("engine_name", "dlib-resnet"), _negated=True),
                        ("threshold__gt", 0),
                        ("threshold__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="policy_threshold_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("engine_name", "dlib-resnet"), ("margin__gte", 0), ("margin__lte", 0.3)
                    ),
                    models.Q(
                        models.Q(("engine_name", "dlib-resnet"), _negated=True),
                        ("margin__gte", 0),
                        ("margin__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="policy_margin_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchpolicy",
            constraint=models.CheckConstraint(
                condition=models.Q(("engine_name", ""), _negated=True),
                name="policy_names_an_engine",
            ),
        ),
        migrations.AddConstraint(
            model_name="engineswitch",
            constraint=models.UniqueConstraint(
                models.ExpressionWrapper(
                    models.Q(("ended_at", None)), output_field=models.BooleanField()
                ),
                condition=models.Q(("ended_at", None)),
                name="engine_switch_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="engineswitch",
            constraint=models.CheckConstraint(
                condition=models.Q(("begun_by", ""), _negated=True),
                name="engine_switch_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteengine",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("calibrated_at", None), ("margin", None), ("threshold", None)),
                    models.Q(
                        ("calibrated_at__isnull", False),
                        ("margin__gte", 0),
                        ("margin__lte", 100),
                        ("threshold__gt", 0),
                        ("threshold__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="engine_calibrated_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteengine",
            constraint=models.CheckConstraint(
                condition=models.Q(("installed_by", ""), _negated=True), name="engine_says_by_whom"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_to_mix),
    ]
