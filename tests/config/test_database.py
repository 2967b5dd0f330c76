"""A database of a newer Lintel is refused, an older or an empty one is not."""

from pathlib import Path

import psycopg
import pytest

from config.database import check_database, newer_migrations
from config.faults import SetupError
from tests.config.processes import PythonProcess, ServerUser


@pytest.mark.parametrize(
    ("applied", "known", "newer"),
    [
        ([], [], []),
        ([], ["0001_initial"], []),
        (["0001_initial"], ["0001_initial", "0002_pin"], []),
        (["0001_initial", "0002_pin"], ["0001_initial"], ["0002_pin"]),
        (["0001_a", "0003_c", "0002_b"], ["0001_a"], ["0002_b", "0003_c"]),
        # Squashed: the old names are in the database and no longer in the code.
        (["0001_a", "0002_b"], ["0001_squashed_0002_b"], []),
        (["0001_a", "0002_b", "0003_c"], ["0001_squashed_0002_b"], ["0003_c"]),
        (["0001_initial"], [], ["0001_initial"]),
    ],
)
def test_only_what_this_code_has_not_heard_of_is_newer(
    applied: list[str], known: list[str], newer: list[str]
) -> None:
    assert newer_migrations(applied, known) == newer


@pytest.mark.slow
def test_older_tables_are_said_in_one_line_and_not_in_a_traceback(var: Path) -> None:
    with ServerUser(var) as user:
        database, _ = user.addresses()
        with pytest.raises(SetupError, match=r"not made yet .*: run make setup"):
            check_database(database, complete=True)
        with psycopg.connect(database) as connection:
            connection.execute("CREATE TABLE django_migrations (app text, name text)")
            connection.execute(
                "INSERT INTO django_migrations VALUES ('attendance', '0001_initial')"
            )
        check_database(database)
        with PythonProcess(var, "manage.py", "people", "list") as process:
            status, said, complained = process.finish()
    assert (status, said) == (1, "")
    assert complained.count("\n") == 1
    assert "older than this Lintel" in complained
    assert "run make setup" in complained


def test_a_database_that_cannot_be_reached_is_said_in_one_line() -> None:
    with pytest.raises(SetupError) as fault:
        check_database("postgresql://hr:hunter2@127.0.0.1:1/lintel")
    assert "cannot be reached" in str(fault.value)
    assert "hunter2" not in str(fault.value)
    assert "\n" not in str(fault.value)


@pytest.mark.slow
def test_a_newer_database_is_refused_before_anything_is_done(var: Path) -> None:
    with ServerUser(var) as user:
        database, _ = user.addresses()
        check_database(database)
        with psycopg.connect(database) as connection:
            connection.execute("CREATE TABLE django_migrations (app text, name text)")
        check_database(database)
        with psycopg.connect(database) as connection:
            connection.execute("INSERT INTO django_migrations VALUES ('attendance', '9999_later')")
        for command in (["migrate"], ["people", "list"]):
            with PythonProcess(var, "manage.py", *command) as process:
                status, said, complained = process.finish()
            assert (status, said) == (1, "")
            assert complained.count("\n") == 1
            assert "newer version of Lintel (it has 9999_later)" in complained
