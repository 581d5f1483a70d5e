"""Block files and blocks: found, parsed into columns; headers, work and Merkle roots checked."""
