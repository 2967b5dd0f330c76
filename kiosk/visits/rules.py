"""How long, how often, how alike: the numbers a visit is led by, each with its reason."""

from dataclasses import dataclass

from recognition import DEFAULT_RULE


@dataclass(frozen=True, slots=True)
class VisitRules:
    """The numbers a visit is led by; times in seconds, distances as the engine measures them."""

    wanted: int = 4
    """Frames that are enough. Three fused frames already take most of what fusing can give; the
    fourth is there for when one of them is left out by the server."""

    even: float = 0.85
    """The worst frame's quality, as a share of the best one's, from which on no better ones are
    waited for: the person has arrived."""

    spacing_s: float = 0.08
    """Two frames closer than this are the same picture with other noise."""

    retry_spacing_s: float = 0.25
    """As above, after a refusal: frames farther apart differ more, so what is fused of them lies
    nearer to the person (docs/decisions/032-later-tries.md)."""

    longest_gather_s: float = 1.2
    """After this long since the first good frame, what there is has to do: people do not wait."""

    lost_after_s: float = 0.7
    """A face turned away or hidden by a hand comes back sooner; the next person does not."""

    steady_after_s: float = 0.4
    """Nobody is told to hold still while still walking up."""

    cool_down_s: float = 20.0
    """Who was let in and comes back within this time is on the same visit."""

    refusal_memory_s: float = 10.0
    """Who was refused and comes back within this time has no new tries."""

    retry_after_s: float = 1.1
    """Between a refusal and the next try: time to take in the reason and to move. Who stands there
    and talks is recognised in the next good moment; waiting longer would let it pass."""

    retries: int = 3
    """Tries after the first, while the person stands there; then the visit has to end first."""

    recheck_s: float = 0.5
    """How often it is made sure that it is still the same person who stands there."""

    recheck_strikes: int = 2
    """As many unlike looks in a row mean that somebody else stepped into the place."""

    same_person: float = 0.8 * DEFAULT_RULE.threshold
    """Below this distance somebody who comes back is the one who was here. Well below the rule a
    gallery is searched with: taking two people for one leaves the second standing before a
    closed door, taking one for two costs a request that the server answers as a repeat."""

    other_person: float = 1.1 * DEFAULT_RULE.threshold
    """Above this distance the face in a visit's place is somebody else's. One person's good frames
    stay well below; and where that is wrong once, the server answers a repeat."""
