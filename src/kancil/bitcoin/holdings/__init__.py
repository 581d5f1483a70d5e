"""What a chain holds, from many sources: blocks merged, spends resolved, graph, files."""
