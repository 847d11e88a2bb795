"""What a block may use, and what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a block, and all blocks together, may use."""

    block_seconds: float = 120
    run_seconds: float = 900
    memory_mb: int = 4096
    processes: int = 256
    output_bytes: int = 1_000_000
    file_mb: int = 4096
    tmp_mb: int = 1024
    growth_mb: int = 10_240
    growth_files: int = 200_000
    free_mb: int = 1024
    start_seconds: float = 60


@dataclass(frozen=True)
class BlockResult:
    """What came of a block; `exit_code` is None when it was ended from outside, `reason` then says why."""

    exit_code: int | None
    output: str
    seconds: float
    reason: str = ""
