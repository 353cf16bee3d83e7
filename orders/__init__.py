"""Second floor: what was bought: priced, reserved, packed, handed over."""
