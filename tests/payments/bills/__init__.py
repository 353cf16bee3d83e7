"""Bills: what is charged, who is billed, what came for it."""
