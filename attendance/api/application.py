"""The API object: its schema's address, its routes, and how refusals are told."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from . import captures, door_events, entries, kiosk
from .problems import CONTENT_TYPE, install_problem_handlers


class KioskAPI(NinjaAPI):
    """The framework's API, with refusals in the schema under the content type they have."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the schema, as JSON has it."""
        schema = super().get_openapi_schema(**options)
        operations = (o for path in schema["paths"].values() for o in path.values())
        for operation in operations:
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    response["content"] = {CONTENT_TYPE: response["content"]["application/json"]}
        return schema


api = KioskAPI(
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
api.add_router("", entries.router)
api.add_router("", kiosk.router)
api.add_router("", door_events.router)
install_problem_handlers(api)
