from django.db import models
from django.utils.translation import gettext_lazy as _


class GalleryState(models.Model):
    """The one row whose number grows with every change that a decision depends on.

    Triggers in the database raise it (people, consents, templates, policies), so no way
    of changing those tables can forget to.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    version = models.BigIntegerField(_("version"), default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="gallery_state_single_row")
        ]

    def __str__(self) -> str:
        return f"gallery version {self.version}"
