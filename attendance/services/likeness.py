"""Whether a person's enrolment pictures show one person.

A gallery cannot know a face that is not enrolled: somebody else's picture in the wrong folder would
let that person in under another's name, unseen. What lies far from all of a person's other pictures
is therefore pointed out. It is not refused, because a beard, a decade or bad light do the same.
"""

from collections.abc import Sequence

import numpy as np

from attendance.models import Person, Template
from recognition import Engine, Probe

from .gallery import open_templates


def unlike_the_others(
    *, person: Person, probes: Sequence[Probe | None], engine: Engine
) -> list[bool]:
    """Say of each new picture whether it is far from every other one of this person.

    Far is what one engine never sees within one video (``Distances.consistent``). Without another
    picture, enrolled or among the new ones, nothing can be said.
    """
    known = Template.objects.filter(
        person=person, engine_name=engine.id.name, engine_version=engine.id.version
    )
    _labels, enrolled = open_templates(known, engine)
    new = [None if probe is None or probe.engine != engine.id else probe.vector for probe in probes]
    far = []
    for at, vector in enumerate(new):
        others = [other for i, other in enumerate(new) if other is not None and i != at]
        if vector is None or not (others or len(enrolled)):
            far.append(False)
            continue
        distances = np.linalg.norm(np.vstack([*others, *enrolled]) - vector, axis=1)
        far.append(bool(distances.min() > engine.distances.consistent))
    return far
