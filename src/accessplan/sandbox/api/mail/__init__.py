"""Mail Services: mailboxes, and who may open them [openapi mail]."""
