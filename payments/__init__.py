"""Third floor: money asked for, arrived, matched, settled."""
