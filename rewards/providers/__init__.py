"""Payment providers: the interface that all share, and one folder or module for each."""
