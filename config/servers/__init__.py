"""Private PostgreSQL and Redis for whoever has none: started when needed, gone with their users.

`server_addresses` computes where the servers are and starts nothing; `ensure_servers` starts
what is not running and binds this process to it as a user. The last user to end takes the
servers down, by exit, by signal or by kill -9: `keeper.py` says how.
"""

from config.servers.addresses import ServerAddresses, server_addresses
from config.servers.django_database import DjangoDatabase, django_database
from config.servers.membership import ensure_servers, leave_servers, servers_kept

__all__ = [
    "DjangoDatabase",
    "ServerAddresses",
    "django_database",
    "ensure_servers",
    "leave_servers",
    "server_addresses",
    "servers_kept",
]
