"""The database of conversations, for the operator: checked, backed up, restored, purged; one person's rows."""
