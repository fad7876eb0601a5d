"""The open-loop engine: starts journeys on schedule, alone or shared by many processes."""
