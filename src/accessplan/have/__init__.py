"""The live side: reads the organization, and turns changes into requests or steps in the Manager."""
