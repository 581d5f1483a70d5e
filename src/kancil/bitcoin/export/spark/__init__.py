"""Chain-wide work beyond one machine: Apache Spark over an export (`kancil.bitcoin.export`).

Every job is SQL that Spark runs itself, with integers alone; no Python runs on other machines. An
answer is exactly that of the local computing over the same rows, which the tests assert. PySpark
and Java are an extra; only `session` imports them.
"""
