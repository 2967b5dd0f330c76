"""The API object: its schema's address, its routes, and how refusals are told."""

from ninja import NinjaAPI

from . import captures, kiosk
from .problems import install_problem_handlers

api = NinjaAPI(
    title="Lintel",
    version="1.0.0",
    description=(
        "What a kiosk says to the server: captures in, decisions out. Errors are problem "
        "documents (RFC 9457) with a stable `code`."
    ),
    openapi_url="/schema",
    docs_url="/docs",
    urls_namespace="api",
)
api.add_router("", captures.router)
api.add_router("", kiosk.router)
install_problem_handlers(api)
