"""Questions with known answers, asked of the service and measured."""
