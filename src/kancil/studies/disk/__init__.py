"""The study of an examined disk: what a finding on an exhibit rests on."""
