"""The document's side: YAML → Tree → Document → Want."""
