"""What people read: results, scenarios and sources in words and tables, as plain lines of text."""

from __future__ import annotations
