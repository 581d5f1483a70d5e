"""Treaties as data: what each gives for co-operation, and how countries stand to it.

An instrument is an entry of `instruments.yaml`, a status a row of `treaty_status.yaml`; the files
are the registration. Where their values are from is said in `SOURCES.md`.
"""
