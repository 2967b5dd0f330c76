import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .person import Person


class KeptFace(models.Model):
    """The face of an enrolment picture, sealed, kept only while a consent allows it.

    Another engine makes its templates of it, so that nobody has to be photographed again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="kept_faces")
    sealed_picture = models.BinaryField(editable=False)
    # Of the whole picture it was cut out of: the same as that picture's templates have.
    picture_digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("kept face")
        verbose_name_plural = _("kept faces")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "picture_digest"], name="kept_face_once_per_picture"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.created_at:%Y-%m-%d}"
