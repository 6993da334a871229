"""kDrive, kSuite and kChat: who uses them."""
