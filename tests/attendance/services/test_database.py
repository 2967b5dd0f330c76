"""The pool of connections, looked at before anybody has used it."""

from typing import cast

import pytest
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from attendance.models import Person
from attendance.services.database import replace_dead_connections


@pytest.mark.django_db(transaction=True)
def test_a_pool_that_nobody_has_used_yet_can_be_looked_at() -> None:
    connection.close()
    cast(DatabaseWrapper, connection).close_pool()
    replace_dead_connections()
    assert Person.objects.count() == 0
