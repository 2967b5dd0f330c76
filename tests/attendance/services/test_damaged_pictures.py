import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attendance.choices import ReasonCode
from attendance.errors import FrameRejected
from attendance.models import Kiosk
from tests.attendance import pictures
from tests.attendance.sending import decided

pytestmark = pytest.mark.django_db(transaction=True)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_picture_is_refused_or_decided_and_never_a_fault(
    kiosk: Kiosk, data: st.DataObject
) -> None:
    whole = bytearray(pictures.plain(90, width=96, height=96))
    for place in data.draw(st.lists(st.integers(2, len(whole) - 1), max_size=6)):
        whole[place] = data.draw(st.integers(0, 255))
    damaged = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    try:
        check_in = decided(kiosk, [damaged])
    except FrameRejected:
        return
    assert check_in.reason in (ReasonCode.NO_FACE, ReasonCode.UNDECODABLE)
