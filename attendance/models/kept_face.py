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


class EmbeddingAttempt(models.Model):
    """A kept face that an engine is making a template of, or has refused.

    It is there before the work begins and goes with the template, so nobody else takes the same
    face up, and one that ends its worker is not taken up again before the next worker starts.
    """

    face = models.ForeignKey(KeptFace, models.CASCADE, related_name="attempts")
    engine_name = models.CharField(_("engine"), max_length=64, editable=False)
    engine_version = models.CharField(_("engine version"), max_length=64, editable=False)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now, editable=False)
    # None: in hand, or cut off by the end of its worker.
    refused_at = models.DateTimeField(_("refused"), null=True, editable=False)

    class Meta:
        verbose_name = _("attempt at a kept face")
        verbose_name_plural = _("attempts at kept faces")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["face", "engine_name", "engine_version"],
                name="embedding_attempt_once_per_engine",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.face} · {self.engine_name} {self.engine_version}"
