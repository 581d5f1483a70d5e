"""A chain as Parquet files by height range, for Spark, DuckDB and whatever else reads them.

`schema` says what each table holds, `rows` makes its rows from a chain, `write` writes the files
and last of all the manifest, `check` sets a folder against its manifest. The format is
`docs/formats/chain-parquet.md`.
"""
