from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

admin.site.unregister(User)
admin.site.unregister(Group)
apps.get_app_config("auth").verbose_name = _("Accounts")
admin.site.index_title = _("All settings")


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    """Accounts of the console: who signs in, and with which roles."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    # Django's own says that rights are given on a second page; here they are on the first.
    add_form_template = "admin/change_form.html"
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    filter_horizontal = ()
    readonly_fields = ["last_login", "new_password"]
    fieldsets = (
        (None, {"fields": ("username", "new_password")}),
        (_("Name"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("is_active", "groups", "is_superuser", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "password1", "password2")}),
        (_("Name"), {"fields": ("first_name", "last_name", "email")}),
        (_("Rights"), {"fields": ("groups", "is_superuser")}),
    )

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[User]:
        """Fetch the roles of all accounts in one query."""
        return super().get_queryset(request).prefetch_related("groups")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Say in plain words what gives which rights."""
        if db_field.name == "is_superuser":
            kwargs["label"] = _("May do everything")
            kwargs["help_text"] = _("Everything in the console, accounts and the policy included.")
        if db_field.name == "is_active":
            kwargs["help_text"] = _("Whoever leaves is switched off; the history keeps the name.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Offer the roles one below the other."""
        if db_field.name == "groups":
            kwargs["label"] = _("Roles")
            kwargs["help_text"] = _("Without a role an account signs in and sees nothing.")
            kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("Password"))
    def new_password(self, account: User) -> SafeString:
        """Lead to where it is set; what is kept of it says nothing to anybody."""
        return format_html('<a class="lintel-link" href="../password/">{}</a>', _("Set a new one"))

    @admin.display(description=_("Roles"))
    def roles(self, account: User) -> str:
        """Name the roles."""
        if account.is_superuser:
            return str(_("May do everything"))
        return ", ".join(role.name for role in account.groups.all()) or "–"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Let the account into the console: there is nothing else to sign in to."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    """Roles of accounts."""
