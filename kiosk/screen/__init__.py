"""The kiosk's screen: a page on this machine, in words and pictures. Reads the board only."""
