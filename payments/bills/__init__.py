"""Bills: what is charged for, who is billed, runs, corrections, and how a household finds its own."""
