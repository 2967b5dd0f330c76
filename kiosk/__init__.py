"""The door client: camera, screen, door driver and the way to the server. `python -m kiosk`."""
