from attendance.services import pulse
from attendance.services.redis import connection


def test_a_worker_is_alive_after_its_beat_and_for_seconds_only() -> None:
    assert not pulse.alive()
    pulse.beat()
    assert pulse.alive()
    (key,) = connection().keys("*worker*")
    assert 0 < connection().ttl(key) <= 60
