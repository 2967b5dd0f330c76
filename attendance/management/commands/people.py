"""``manage.py people``: list, change and delete people and their templates."""

import json
from argparse import ArgumentParser
from typing import IO, Any, cast

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from attendance.errors import LintelError
from attendance.models import Person
from attendance.selectors.people import PersonRow, people_rows
from attendance.services import people


class Command(BaseCommand):
    """List people; show, create, change, delete one; withdraw consent; delete templates."""

    help = "Manage people and their templates. WHO is an employee number or a full name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one sub-command for each thing that can be done."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        listing = actions.add_parser("list", help="list people")
        listing.add_argument("search", nargs="?", default="", help="part of a name or number")
        listing.add_argument("--json", action="store_true", help="print JSON")
        add = actions.add_parser("add", help="create a person")
        add.add_argument("full_name")
        add.add_argument("employee_number")
        update = actions.add_parser("update", help="change a person")
        update.add_argument("who")
        update.add_argument("--name", help="new full name")
        update.add_argument("--number", help="new employee number")
        update.add_argument("--preferred-name", help="how the door greets them")
        switch = update.add_mutually_exclusive_group()
        switch.add_argument("--activate", action="store_const", const=True, dest="active")
        switch.add_argument("--deactivate", action="store_const", const=False, dest="active")
        for name, text in (
            ("show", "show a person with consents and templates"),
            ("delete", "delete a person with templates and consents"),
            ("delete-templates", "delete a person's templates"),
            ("withdraw-consent", "withdraw a person's consent; they are no longer recognised"),
        ):
            action = actions.add_parser(name, help=text)
            action.add_argument("who")
            if name == "delete-templates":
                action.add_argument("--template", metavar="ID", help="only this one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run one action."""
        action = options["action"].replace("-", "_")
        try:
            getattr(self, f"_{action}")(options)
        except LintelError as error:
            raise CommandError(error.message) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _list(self, options: dict[str, Any]) -> None:
        rows = list(people_rows(search=options["search"]))
        if options["json"]:
            self.stdout.write(json.dumps([_as_json(row) for row in rows], ensure_ascii=False))
            return
        table = Table("Number", "Name", "Active", "Consent", "Templates")
        for row in rows:
            table.add_row(
                row.person.employee_number,
                row.person.full_name,
                "yes" if row.person.active else "no",
                "yes" if row.has_consent else "no",
                str(row.templates),
            )
        Console(file=cast(IO[str], self.stdout), soft_wrap=True).print(table)

    def _show(self, options: dict[str, Any]) -> None:
        person = people.find_person(who=options["who"])
        self.stdout.write(f"{person}\n  active: {'yes' if person.active else 'no'}")
        for consent in person.consents.all():
            until = f" until {consent.until:%Y-%m-%d}" if consent.until else ""
            gone = f", withdrawn {consent.withdrawn_at:%Y-%m-%d}" if consent.withdrawn_at else ""
            self.stdout.write(
                f"  consent given {consent.given_at:%Y-%m-%d}{until}, "
                f"recorded by {consent.recorded_by}{gone}"
            )
        for template in person.templates.all():
            self.stdout.write(
                f"  template {template.pk} {template.engine_name} {template.engine_version}, "
                f"quality {template.quality:.2f}, {template.created_at:%Y-%m-%d}"
            )

    def _add(self, options: dict[str, Any]) -> None:
        person = people.create_person(
            full_name=options["full_name"], employee_number=options["employee_number"]
        )
        self.stdout.write(f"Created {person}.")

    def _update(self, options: dict[str, Any]) -> None:
        person = people.change_person(
            person=people.find_person(who=options["who"]),
            full_name=options["name"],
            employee_number=options["number"],
            preferred_name=options["preferred_name"],
            active=options["active"],
        )
        self.stdout.write(f"Changed {person}.")

    def _delete(self, options: dict[str, Any]) -> None:
        person = people.find_person(who=options["who"])
        people.delete_person(person=person)
        self.stdout.write(f"Deleted {person} with templates and consents.")

    def _delete_templates(self, options: dict[str, Any]) -> None:
        person = people.find_person(who=options["who"])
        count = people.delete_templates(person=person, template_id=options["template"])
        if options["template"] and not count:
            raise CommandError(f"{person} has no template {options['template']}.")
        self.stdout.write(f"Deleted {count} templates of {person}.")

    def _withdraw_consent(self, options: dict[str, Any]) -> None:
        person = people.find_person(who=options["who"])
        count = people.withdraw_consent(person=person)
        self.stdout.write(f"Withdrew {count} consents of {person}.")


def _as_json(row: PersonRow) -> dict[str, Any]:
    person: Person = row.person
    return {
        "employee_number": person.employee_number,
        "full_name": person.full_name,
        "preferred_name": person.preferred_name,
        "active": person.active,
        "consent": row.has_consent,
        "templates": row.templates,
    }
