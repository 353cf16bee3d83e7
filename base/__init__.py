"""The foundation: money, codes, text, months, refusals, GraphQL basics. Knows no app."""
