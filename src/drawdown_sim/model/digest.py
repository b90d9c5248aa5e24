"""The name of a run: what its rows depend on, and nothing else."""

from __future__ import annotations

import hashlib

from .plan import CONTRACT

#: Hexadecimal digits of a digest in the name of a folder.
SHORT = 12


def run_digest(canonical_json: str, seed: int) -> str:
    """SHA-256 over the contract's version, the seed and the canonical resolved scenario; 64 hex digits."""
    return hashlib.sha256(f"contract {CONTRACT}\nseed {seed}\n{canonical_json}".encode()).hexdigest()


def short(digest: str) -> str:
    """The first digits of a digest, for the name of a folder."""
    return digest[:SHORT]
