"""The live page: today's check-ins as they come."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.decorators import permission_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation

from attendance.models import CheckIn, Site
from attendance.selectors import live as selectors
from attendance.services.bells import live_bell

from .access import staff_only, staff_stream

# Without a call the page looks by itself; also keeps proxies from closing a silent stream.
LOOK_EVERY = timedelta(seconds=2)
# The page names people and says when they came.
MAY_SEE = "attendance.view_checkin"


def _number(text: str) -> int | None:
    """Return the number of a row that a text is, or None."""
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _chosen_site(request: HttpRequest) -> Site | None:
    """Return the site named by ``?site=``, or the first."""
    wanted = request.GET.get("site", "")
    if wanted:
        number = _number(wanted)
        site = Site.objects.filter(pk=number).first() if number is not None else None
        if site is None:
            raise Http404
        return site
    return Site.objects.order_by("pk").first()


@staff_only
def page(request: HttpRequest) -> HttpResponse:
    """Show today's check-ins of one site, who is present, and the kiosks.

    Everybody lands here after signing in; whoever may not see it goes on to what they may.
    """
    if not request.user.has_perm(MAY_SEE):
        return redirect("admin:index")
    # Read before the list: a check-in in between is then sent again, not missed.
    newest = selectors.newest_check_in_id()
    site = _chosen_site(request)
    if site is None:
        return render(request, "console/no_site.html")
    now = timezone.now()
    context = {
        "site": site,
        "sites": Site.objects.all(),
        "newest": newest,
        "today": now.astimezone(site.zone),
        "check_ins": selectors.check_ins_today(site=site, at=now),
        "summary": selectors.live_summary(site=site, at=now),
    }
    return render(request, "console/live.html", context)


@staff_only
@permission_required(MAY_SEE, raise_exception=True)
def summary(request: HttpRequest) -> HttpResponse:
    """Return the part of the page beside the stream."""
    site = _chosen_site(request)
    if site is None:
        raise Http404
    context = {"site": site, "summary": selectors.live_summary(site=site, at=timezone.now())}
    return render(request, "console/_summary.html", context)


@staff_stream(MAY_SEE)
async def events(request: HttpRequest) -> StreamingHttpResponse:
    """Stream check-ins as server-sent events, from the one after ``Last-Event-ID`` on."""
    site = await _in_database(_chosen_site, request)
    if site is None:
        raise Http404
    last_id = _number(request.headers.get("Last-Event-ID") or request.GET.get("after", ""))
    if last_id is None:
        last_id = await _in_database(selectors.newest_check_in_id)
    response = StreamingHttpResponse(
        _stream(site, last_id, translation.get_language()), content_type="text/event-stream"
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


async def _stream(site: Site, last_id: int, language: str | None) -> AsyncIterator[str]:
    async with live_bell() as bell:
        yield "retry: 1000\n\n"
        while not _left():
            lines = await _in_database(_lines_after, site, last_id, language)
            for key, html in lines:
                last_id = key
                data = "".join(f"data: {line}\n" for line in html.splitlines())
                yield f"id: {key}\nevent: check-in\n{data}\n"
            if not lines and not await bell.wait(LOOK_EVERY):
                yield ": waiting\n\n"


def _left() -> bool:
    """Say whether the browser is gone; a query that was running then has swallowed the news."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _lines_after(site: Site, last_id: int, language: str | None) -> list[tuple[int, str]]:
    found = selectors.check_ins_after(site=site, last_id=last_id)
    with translation.override(language):
        return [(check_in.pk, _line(check_in, site)) for check_in in found]


def _line(check_in: CheckIn, site: Site) -> str:
    with timezone.override(site.zone):
        return render_to_string(
            "console/_check_in.html", {"check_in": check_in, "site": site, "new": True}
        )


async def _in_database(function: Any, *args: Any) -> Any:
    """Run a query in a thread and give its connection back: a stream may last for days."""

    def run() -> Any:
        try:
            return function(*args)
        finally:
            connection.close()

    return await sync_to_async(run)()
