"""Defaults of everything an operator can change, each with its unit and its reason."""

from datetime import timedelta

from attendance.pins.hashing import Cost
from attendance.pins.limits import Limit
from recognition import DEFAULT_GATES, DEFAULT_RULE, ENROLMENT_GATES

# Distance, and distance between the best and the second person: measured on real faces,
# see docs/decisions/002-default-threshold.md.
THRESHOLD = DEFAULT_RULE.threshold
MARGIN = DEFAULT_RULE.margin

# Pixels between the sides of the face box. Below 80 the descriptor loses people fast; an
# enrolment picture serves for years and may be asked to be better.
MIN_FACE_PX = DEFAULT_GATES.min_face_px
ENROLMENT_MIN_FACE_PX = ENROLMENT_GATES.min_face_px

# Seconds. Long enough for a person who turns round in the doorway, far below a short break.
REPEAT_WINDOW_S = 60

# A door waits for its answer in the same request for this long, then asks again.
ANSWER_WAIT = timedelta(seconds=5)
# Frames wait in Redis for a worker no longer than this.
FRAMES_EXPIRY = timedelta(seconds=30)
# Whatever is still open this long after its arrival has lost its frames and is closed as failed.
CLOSE_AFTER = FRAMES_EXPIRY + timedelta(seconds=5)
# A capture nobody has finished after this long is queued again, this many times in all.
REQUEUE_AFTER = timedelta(seconds=4)
MAX_ATTEMPTS = 4
# A door may open on a decision only while the person still stands there.
DOOR_OPEN_WITHIN = timedelta(seconds=10)
# Where a door asks for the PIN of a doubtful face: a distance up to this many times the threshold
# is nearly a match, and a quality (0 to 1) below this makes a match doubtful. Of the first policy.
DOUBT_BAND = 1.1
DOUBT_QUALITY = 0.3
# How long an emergency may hold doors open before somebody has to say it again, and the minutes
# that are offered first. A forgotten one is an open house over the weekend.
LONGEST_EMERGENCY = timedelta(hours=24)
EMERGENCY_MINUTES = 60
# How long a kiosk that asks for news may be kept waiting in one request.
LONGEST_NEWS_WAIT = timedelta(seconds=10)
# A kiosk whose clock is farther off than this is asked to set it.
MAX_CLOCK_SKEW = timedelta(minutes=5)
# A one-time code for a kiosk: time to walk to the door and type it in.
CODE_VALIDITY = timedelta(hours=1)
# A capture older than this by the kiosk's own clock is no longer taken as attendance.
MAX_CAPTURE_AGE = timedelta(days=14)

# Bytes of one frame and of a whole request: a 4K JPEG at best quality fits.
MAX_FRAME_BYTES = 6 * 2**20
MAX_FRAMES = 5
MAX_FRAME_PIXELS = 20_000_000
MAX_CAPTURE_BODY_BYTES = MAX_FRAMES * MAX_FRAME_BYTES + 64 * 1024
# Bytes of an upload in the console: ten pictures of a modern phone.
MAX_UPLOAD_BODY_BYTES = 100 * 2**20
# Bytes of any other form: text, and the choices of a long list.
MAX_FORM_BODY_BYTES = 2**20

# Captures a kiosk may send in a minute: a busy turnstile makes 30.
CAPTURES_PER_MINUTE = 120

# One pass of argon2id for each PIN: RFC 9106's second choice with one lane. 150 ms on the machine
# it was measured on (docs/decisions/018-pins.md): a person at a door does not feel it.
PIN_COST = Cost(memory_kib=64 * 1024, passes=3)
# PINs that one process checks at once, each with its 64 MiB, and how many may wait for their turn.
PIN_CHECKS_AT_ONCE = 2
PIN_CHECKS_WAITING = 16
# A person mistypes twice, not five times; a whole shift at one door or site mistypes more.
PIN_LIMIT_PERSON = Limit(5, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=12))
PIN_LIMIT_KIOSK = Limit(20, timedelta(seconds=30), timedelta(minutes=15), timedelta(minutes=1))
PIN_LIMIT_SITE = Limit(100, timedelta(seconds=30), timedelta(minutes=15), timedelta(seconds=15))
# People whose PINs one kiosk may check while it is cut off: those who came through its door last.
MOST_OFFLINE_PINS = 500
# A PIN that somebody else knows, because it was reset, serves until its owner has chosen one.
RESET_PIN_DIGITS = 6
RESET_PIN_SERVES = timedelta(days=14)

# After a face a door waits this long for a PIN or a sign: typing takes 10 s, a wrong one another.
FACTORS_WITHIN = timedelta(seconds=45)
# Digits of a challenge where a door does not say, the most it may say, and how many challenges a
# person may be shown for one face.
CHALLENGE_DIGITS = 2
MOST_CHALLENGE_DIGITS = 3
MOST_CHALLENGES = 5
