"""``manage.py threshold``: what the threshold promises, and the distance for another promise."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from attendance.selectors.engines import installed_id
from attendance.services import thresholds
from attendance.services.policies import current_policy
from attendance.services.thresholds import ThresholdReview
from recognition import RecognitionError
from recognition.calibration.calibration import Calibration
from recognition.calibration.file import read_calibration


class Command(BaseCommand):
    """Show, explain and set the threshold."""

    help = "Say how often a stranger is let in by the threshold, and propose or set another."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--fpir",
            type=float,
            default=0.003,
            metavar="SHARE",
            help="of strangers' searches that may be let in (default: 0.003)",
        )
        parser.add_argument(
            "--let-in-per-day",
            type=float,
            metavar="N",
            help="the same as strangers a day; needs --searches-per-day",
        )
        parser.add_argument("--searches-per-day", type=float, metavar="N", help="of strangers")
        parser.add_argument("--people", type=int, metavar="N", help="plan for so many enrolled")
        parser.add_argument("--calibration", type=Path, metavar="FILE", help="of this site")
        parser.add_argument("--set", action="store_true", help="put the distance in force")
        parser.add_argument("--why", default="", help="reason, kept with the change")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show; with --set change."""
        if options["set"] and not options["why"]:
            raise CommandError("--set needs --why TEXT: a change keeps its reason.", returncode=2)
        try:
            calibration = _calibration(options["calibration"])
            count = thresholds.people_enrolled(calibration=calibration, at=timezone.now())
            review = thresholds.review_threshold(
                calibration=calibration,
                fpir=_rate(options),
                people=max(1, options["people"] or count),
            )
            self._show(review, options["searches_per_day"])
            if options["set"]:
                policy = thresholds.set_threshold(
                    review=review,
                    by=f"{getpass.getuser()} (manage.py)",
                    why=options["why"],
                    measured=calibration if options["calibration"] else None,
                )
                self.stdout.write(f"In force now: {policy}")
        except RecognitionError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error

    def _show(self, review: ThresholdReview, searches: float | None) -> None:
        proposed = review.proposed
        self.stdout.write(
            f"In force: {review.threshold:.3f}. Among {review.people} people it lets about "
            f"{review.fpir:.2%} of strangers' searches through, with the margin of "
            f"{proposed.margin:g}."
        )
        self.stdout.write(
            f"For {proposed.fpir:.2%}: {proposed.distance:.3f} (95 %: {proposed.fpir_low:.2%} to "
            f"{proposed.fpir_high:.2%}); it refuses about {proposed.fnir:.0%} of hard pictures of "
            "enrolled people."
        )
        if proposed.extrapolated:
            self.stdout.write("No pairs of strangers that near were measured: it is extrapolated.")
        if searches:
            self.stdout.write(
                f"Of {searches:g} strangers a day: now {review.fpir * searches:.3g}, "
                f"then {proposed.fpir * searches:.3g} let in."
            )
        if review.outgrown:
            self.stdout.write(self.style.WARNING("More strangers pass now than you ask for."))


def _rate(options: dict[str, Any]) -> float:
    """The promise as a share of searches; raise ValueError where it is none."""
    let_in, searches = options["let_in_per_day"], options["searches_per_day"]
    if let_in is None:
        return float(options["fpir"])
    if not searches or not searches > 0:
        raise ValueError("--let-in-per-day needs --searches-per-day, above 0.")
    return float(let_in / searches)


def _calibration(path: Path | None) -> Calibration:
    engine = installed_id(current_policy().engine_name)
    found = read_calibration(path) if path else thresholds.calibration_in_force()
    if found is None or found.engine != engine:
        raise CommandError(f"There is no calibration of {engine}: see `recognition calibrate`.")
    return found
