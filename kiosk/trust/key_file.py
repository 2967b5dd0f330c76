"""The file that holds a kiosk's identity: owner-only, written atomically, refused otherwise."""

import base64
import binascii
import json
from pathlib import Path

from kiosk.errors import StartError
from kiosk.trust.identity import SEED_BYTES, Identity
from kiosk.trust.private_file import read_private, write_private

NAME = "key.json"
VERSION = 1


class KeyFile:
    """A kiosk's identity on disk, in its state folder."""

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self.path = folder / name

    def load(self) -> Identity | None:
        """The identity kept here; None when there is none.

        Raises StartError when others may read the file or its content is no identity.
        """
        content = read_private(self.path)
        if content is None:
            return None
        try:
            fields = json.loads(content)
            identity = Identity(
                seed=base64.b64decode(fields["seed"], validate=True),
                code_name=str(fields["code_name"]),
                kiosk=str(fields["kiosk"]),
                server_key=str(fields["server_key"]),
                next_seed=base64.b64decode(fields["next_seed"], validate=True),
            )
            readable = fields["version"] == VERSION and len(identity.seed) == SEED_BYTES
        except (ValueError, KeyError, TypeError, binascii.Error):
            readable = False
        if not readable:
            raise StartError(
                f"{self.path} is no key file. Remove it, make a new code in the console, and "
                "start with it as --token."
            )
        return identity

    def keep(self, identity: Identity) -> None:
        """Put an identity in place of the one kept here. Raises StartError."""
        fields = {
            "version": VERSION,
            "seed": base64.b64encode(identity.seed).decode(),
            "code_name": identity.code_name,
            "kiosk": identity.kiosk,
            "server_key": identity.server_key,
            "next_seed": base64.b64encode(identity.next_seed).decode(),
        }
        write_private(self.path, json.dumps(fields).encode())

    def remove(self) -> None:
        """Have none any more. Raises StartError."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise StartError(f"{self.path} cannot be removed ({error.strerror}).") from error
