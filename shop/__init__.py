"""The roof: settings, URLs, the summed schema, the GraphQL door. Owns nothing."""
