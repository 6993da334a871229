"""Mail Services: hostings with mailboxes, and who may open which."""
