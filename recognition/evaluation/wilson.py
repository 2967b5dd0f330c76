"""The interval of a share of independent trials.

Source: E. Wilson, Probable inference, the law of succession, and statistical inference (1927).
Where trials share a person, a signer or a writer, it is narrower than the truth; then draw people
(`recognition.evaluation.bootstrap`).
"""

import math

from recognition.evaluation.bootstrap import Interval

# Standard deviations that hold 95 %.
_Z = 1.959964


def wilson_interval(count: int, of: int) -> Interval:
    """The 95 % interval of `count` in `of` trials; NaN of no trials."""
    if not of:
        return Interval(math.nan, math.nan)
    share, spread = count / of, _Z**2 / of
    middle = (share + spread / 2) / (1 + spread)
    reach = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))
