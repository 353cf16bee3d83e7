"""The ground floor: who (organizations, people, roles), their books, their income."""
