"""The documented endpoints: a file a subject, a function an endpoint."""
