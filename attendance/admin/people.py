from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from attendance.models import Consent, Person, Template
from attendance.selectors.permitted import valid_consents
from attendance.services.history import write_down
from attendance.services.people import forget_templates

from .deletion import CountedDeletion
from .groups import MembershipInline
from .moments import DaysWillDo
from .read_only import ReadOnly
from .time_range import TimeRange
from .withdrawal import withdraw_in_list, withdraw_on_page


class HasConsent(admin.SimpleListFilter):
    """People with, or without, a consent in force."""

    title = _("consent")
    parameter_name = "consent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the two sides."""
        return [("yes", _("in force")), ("no", _("missing or ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Person]) -> QuerySet[Person]:
        """Keep one side."""
        consents = valid_consents(at=timezone.now()).filter(person=OuterRef("pk"))
        if self.value() == "yes":
            return queryset.filter(Exists(consents))
        if self.value() == "no":
            return queryset.exclude(Exists(consents))
        return queryset


class ConsentInline(DaysWillDo, TabularInline):
    """A person's consents."""

    model = Consent
    extra = 0
    fields = ["given_at", "until", "withdrawn_at", "recorded_by"]
    # It is withdrawn after a question, by a button.
    readonly_fields = ["withdrawn_at", "recorded_by"]


class TemplateInline(ReadOnly, TabularInline):
    """A person's templates: what they are, never what is in them."""

    model = Template
    extra = 0
    fields = ["created_at", "engine_name", "engine_version", "rounded_quality", "source"]
    readonly_fields = fields

    @display(description=_("quality"))
    def rounded_quality(self, template: Template) -> str:
        """Round the quality for people."""
        return f"{template.quality:.2f}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a template be deleted: its person then enrols again."""
        return request.user.has_perm("attendance.delete_template")


@admin.register(Person)
class PersonAdmin(CountedDeletion, DaysWillDo, ModelAdmin):
    """People, with their consents and templates."""

    empty_hint = _("Add the first person, then enrol pictures on their page.")

    list_display = ["full_name", "employee_number", "active", "consent", "templates", "created_at"]
    # Counting drops the ordering of the table; without one, pages of choices would lose people.
    ordering = ["full_name", "employee_number"]
    list_filter = ["active", HasConsent]
    search_fields = ["full_name", "preferred_name", "employee_number"]
    fieldsets = [
        (
            None,
            {"fields": ["full_name", "employee_number", "preferred_name", "birth_date", "active"]},
        ),
        (_("When they may enter"), {"fields": ["visitor", "valid_from", "valid_until"]}),
    ]
    inlines = [ConsentInline, MembershipInline, TemplateInline]
    actions = ["deactivate", "activate"]
    actions_detail = ["enrol", "pin", "withdraw"]
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Add what the list shows, in the same query."""
        consents = valid_consents(at=timezone.now()).filter(person=OuterRef("pk"))
        people: QuerySet[Person] = super().get_queryset(request)
        return people.annotate(has_consent=Exists(consents), template_count=Count("templates"))

    @display(description=_("consent"), boolean=True, ordering="has_consent")
    def consent(self, person: Any) -> bool:
        """Say whether a consent is in force."""
        return bool(person.has_consent)

    @display(description=_("templates"), ordering="template_count")
    def templates(self, person: Any) -> int:
        """Count the templates."""
        return int(person.template_count)

    @action(
        description=_("Enrol pictures"),
        icon="add_a_photo",
        url_path="enrol",
        permissions=["change"],
    )
    def enrol(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the page that takes pictures."""
        person = self.get_object(request, object_id)
        if person is None:
            raise Http404
        return redirect(reverse("person-enrol", args=[person.pk]))

    # Not "attendance.change_pin" in the action: that is looked up in the database by the checks
    # before the first migration, where there is none.
    def has_change_pin_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whoever may set PINs, without the right to change people."""
        return request.user.has_perm("attendance.change_pin")

    @action(description=_("PIN"), icon="pin", url_path="pin", permissions=["change_pin"])
    def pin(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Go to the page of the person's PIN."""
        person = self.get_object(request, object_id)
        if person is None:
            raise Http404
        return redirect(reverse("person-pin", args=[person.pk]))

    # As above.
    def has_change_consent_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Whoever may change consents."""
        return request.user.has_perm("attendance.change_consent")

    @action(
        description=_("Withdraw consent"),
        icon="do_not_disturb_on",
        url_path="withdraw",
        permissions=["change_consent"],
    )
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Withdraw what stands of a person's consents, after asking."""
        person = self.get_object(request, object_id)
        if person is None:
            raise Http404
        back = reverse("admin:attendance_person_change", args=[person.pk])
        return withdraw_on_page(self, request, Consent.objects.filter(person=person), back=back)

    @admin.action(description=_("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        """Take people out of every gallery at once."""
        write_down(by=request.user.pk, rows=queryset, what=_("Deactivated"))
        count = queryset.model.objects.filter(pk__in=queryset.values("pk")).update(active=False)
        self.message_user(request, _("%d people deactivated.") % count)

    @admin.action(description=_("Activate"), permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Person]) -> None:
        """Let people be recognised again."""
        write_down(by=request.user.pk, rows=queryset, what=_("Activated"))
        count = queryset.model.objects.filter(pk__in=queryset.values("pk")).update(active=True)
        self.message_user(request, _("%d people activated.") % count)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Write down who recorded a new consent."""
        for consent in formset.save(commit=False):
            if isinstance(consent, Consent) and not consent.recorded_by:
                consent.recorded_by = request.user.get_username()
            consent.save()
        gone = formset.deleted_objects
        ids = [one.pk for one in gone if isinstance(one, Template)]
        forget_templates(templates=Template.objects.filter(pk__in=ids))
        for one in gone:
            if not isinstance(one, Template):
                one.delete()
        formset.save_m2m()


@admin.register(Consent)
class ConsentAdmin(DaysWillDo, ModelAdmin):
    """Consents of everyone."""

    empty_hint = _("Who agreed to be recognised by face is listed here.")

    list_display = ["person", "given_at", "until", "withdrawn_at", "recorded_by"]
    list_filter = [("given_at", TimeRange), ("until", TimeRange)]
    list_filter_submit = True
    list_select_related = ["person"]
    search_fields = ["person__full_name", "person__employee_number", "recorded_by"]
    autocomplete_fields = ["person"]
    fields = ["person", "given_at", "until", "withdrawn_at"]
    readonly_fields = ["withdrawn_at"]
    actions = ["withdraw"]
    actions_detail = ["withdraw_this"]

    def save_model(self, request: HttpRequest, obj: Consent, form: Any, change: bool) -> None:
        """Write down who recorded it."""
        if not obj.recorded_by:
            obj.recorded_by = request.user.get_username()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Withdraw now"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Consent]) -> HttpResponse | None:
        """Withdraw what still stands, after asking."""
        return withdraw_in_list(self, request, queryset)

    @action(
        description=_("Withdraw consent"),
        icon="do_not_disturb_on",
        url_path="withdraw",
        permissions=["change"],
    )
    def withdraw_this(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Withdraw this one, after asking."""
        consent = self.get_object(request, object_id)
        if consent is None:
            raise Http404
        back = reverse("admin:attendance_consent_change", args=[consent.pk])
        return withdraw_on_page(self, request, Consent.objects.filter(pk=consent.pk), back=back)


@admin.register(Template)
class TemplateAdmin(ReadOnly, ModelAdmin):
    """Templates of everyone, without their vectors."""

    empty_hint = _("Pictures are enrolled on the page of a person.")

    list_display = [
        "person",
        "engine_name",
        "engine_version",
        "rounded_quality",
        "source",
        "created_at",
    ]
    list_filter = ["engine_name", "engine_version", "source"]
    list_select_related = ["person"]
    search_fields = ["person__full_name", "person__employee_number"]
    fields = list_display
    readonly_fields = list_display

    @display(description=_("quality"), ordering="quality")
    def rounded_quality(self, template: Template) -> str:
        """Round the quality for people."""
        return f"{template.quality:.2f}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let a template be deleted: its person then enrols again."""
        return request.user.has_perm("attendance.delete_template")

    def delete_model(self, request: HttpRequest, obj: Template) -> None:
        """Delete it with what would bring it back."""
        forget_templates(templates=Template.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Template]) -> None:
        """Delete them with what would bring them back."""
        forget_templates(templates=queryset)
