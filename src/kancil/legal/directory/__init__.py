"""The directory: offices and keepers to which a request goes, each with its source and its age.

Shipped entries stand in `offices.yaml`, what is known of providers' practice in `rules.yaml`; other
units' come as signed files (docs/formats/directory.md); the unit's own stand in its ledger.
"""
