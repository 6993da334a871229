"""The endpoints of kDrive, and kDrive, kSuite and kChat on an invitation to the organization."""
