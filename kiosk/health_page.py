"""`http://127.0.0.1:PORT/health`: how the kiosk is doing, for a person and for a program."""

from html import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from kiosk.health import Doctor, Health

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 40rem; padding: 0 1rem;
  color-scheme: light dark; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: start; padding: .4rem .6rem; border-top: 1px solid #8884; }}
th {{ font-weight: 400; opacity: .75; }}
.bad {{ color: #c2261d; font-weight: 600; }} .good {{ color: #15803d; font-weight: 600; }}
</style>
<h1 class="{kind}">{title}</h1>
<table>{rows}</table></html>
"""


def make_health_app(doctor: Doctor) -> Starlette:
    """The page as an ASGI application; 200 when the kiosk is well, 503 when it is not."""

    async def health(request: Request) -> Response:
        # Another name for this machine may be a web page's trick to read it.
        if (request.url.hostname or "") not in HOSTS:
            return Response(status_code=421)
        reading = await doctor.reading()
        status = 200 if reading.well else 503
        if "text/html" in request.headers.get("Accept", ""):
            return HTMLResponse(_page(reading), status, {"Cache-Control": "no-store"})
        return JSONResponse(reading.as_fields(), status, {"Cache-Control": "no-store"})

    return Starlette(routes=[Route("/health", health)])


def _page(reading: Health) -> str:
    rows = "".join(
        f"<tr><th>{escape(name.replace('_', ' '))}</th><td>{escape(str(value))}</td></tr>"
        for name, value in reading.as_fields().items()
    )
    title = "The kiosk is well" if reading.well else "The kiosk needs a look"
    return PAGE.format(title=title, kind="good" if reading.well else "bad", rows=rows)
