import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget

from attendance.models import Group, Membership, Person
from attendance.services.groups import add_members

from .deletion import CountedDeletion

# A list copied from a spreadsheet or typed; a number may hold single spaces.
BETWEEN_NUMBERS = re.compile(r"[\r\n,;\t]+")
# More unknown numbers than this are only counted.
MOST_NAMED = 10


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """A group, and people to put into it: thousands of them would make no form."""

    people = forms.CharField(
        label=_("Add people"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_(
            "Employee numbers, one a line or with commas between; a column copied from a "
            "spreadsheet will do."
        ),
    )

    class Meta:
        model = Group
        fields = ("name",)

    def clean_people(self) -> list[Person]:
        """Return whose numbers they are; refuse all where one is nobody's."""
        typed = BETWEEN_NUMBERS.split(self.cleaned_data["people"])
        numbers = {number.strip() for number in typed} - {""}
        people = list(Person.objects.filter(employee_number__in=numbers))
        unknown = sorted(numbers - {person.employee_number for person in people})
        if unknown:
            message = ngettext(
                "Nobody has this employee number: %(which)s",
                "Nobody has these %(n)d employee numbers: %(which)s",
                len(unknown),
            )
            which = ", ".join(unknown[:MOST_NAMED]) + (" …" if unknown[MOST_NAMED:] else "")
            raise forms.ValidationError(message, params={"n": len(unknown), "which": which})
        return people


@admin.register(Group)
class GroupAdmin(CountedDeletion, ModelAdmin):
    """People who may go to the same places."""

    form = GroupForm
    list_display = ["__str__", "how_many"]
    ordering = ["name"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        """Count the members in the same query."""
        groups: QuerySet[Group] = super().get_queryset(request)
        return groups.annotate(member_count=Count("memberships"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Group], search_term: str
    ) -> tuple[QuerySet[Group], bool]:
        """Offer only groups that one can be put into, where a membership is made."""
        found, twice = super().get_search_results(request, queryset, search_term)
        if request.GET.get("model_name") == "membership":
            found = found.filter(everybody=False)
        return found, twice

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        """Take people in by their numbers, but where everybody is a member."""
        if obj and obj.everybody:
            return ["name"]
        return ["name", *(["its_members"] if obj else []), "people"]

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        """Leave the group of everybody as it is."""
        return ["name"] if obj and obj.everybody else ["its_members"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep the group of everybody: new doors begin with it."""
        if isinstance(obj, Group) and obj.everybody:
            return False
        return bool(super().has_delete_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        """Put those people in whose numbers were typed, and say how many were new."""
        super().save_model(request, obj, form, change)
        if people := form.cleaned_data.get("people"):
            new = add_members(group=obj, people=people)
            said = ngettext("%d person added to the group.", "%d people added to the group.", new)
            messages.success(request, said % new)

    @display(description=_("members"), ordering="member_count")
    def how_many(self, group: Any) -> str:
        """Count the members."""
        return str(_("all but visitors")) if group.everybody else str(group.member_count)

    @display(description=_("members"))
    def its_members(self, group: Any) -> SafeString:
        """Count the members and lead to their list."""
        return format_html(
            '{} · <a class="lintel-link" href="{}?group__id__exact={}">{}</a>',
            group.member_count,
            reverse("admin:attendance_membership_changelist"),
            group.pk,
            _("Show and remove members"),
        )


class MembershipInline(TabularInline):
    """The groups of a person."""

    model = Membership
    extra = 0
    fields = ["group"]
    autocomplete_fields = ["group"]


@admin.register(Membership)
class MembershipAdmin(ModelAdmin):
    """Who is in which group, a page at a time: to search, and to take people out."""

    empty_hint = _("Nobody is in this group yet; people are added on its page.")

    list_display = ["person", "group"]
    list_filter = ["group"]
    list_select_related = ["person", "group"]
    search_fields = ["person__full_name", "person__employee_number"]
    fields = ["group", "person"]
    autocomplete_fields = ["group", "person"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: one is taken out of a group and put into another."""
        return False
