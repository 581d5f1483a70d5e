"""The commands of labs, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

LAB_COMMANDS: dict[str, Target] = {
    "lab list": Target(
        "training.labs",
        "lab_list",
        "List the labs: for whom each is, and what it rests on.",
        "kancil lab list",
    ),
    "lab make": Target(
        "training.labs",
        "lab_make",
        "Make one variant of a lab: evidence, questions, and a key sealed to the trainer.",
        "kancil lab make ransom-payment -o lab --to age1…",
    ),
    "lab check": Target(
        "training.labs",
        "lab_check",
        "Compare every file of a lab with its manifest.",
        "kancil lab check lab",
    ),
    "lab solve": Target(
        "training.solving",
        "lab_solve",
        "Work a lab by commands alone, in a workspace that is thrown away.",
        "kancil lab solve lab -o answers.json",
    ),
    "lab mark": Target(
        "training.labs",
        "lab_mark",
        "Mark answers by the key, and say why each mark.",
        "kancil lab mark lab --answers answers.json --key lab/key.age --identity trainer.txt",
    ),
    "lab correct": Target(
        "training.labs",
        "lab_correct",
        "Correct one answer of a key; the old key stays as it is.",
        "kancil lab correct lab/key.age amount --value 0.26 --reason 'fee' --identity trainer.txt"
        " --to age1… -o new.age",
    ),
    "lab pack": Target(
        "training.labs",
        "lab_pack",
        "Write a lab's folder as one file.",
        "kancil lab pack lab -o lab.kancil-lab",
    ),
    "lab unpack": Target(
        "training.labs",
        "lab_unpack",
        "Unpack a lab that came as one file, and check all of it.",
        "kancil lab unpack lab.kancil-lab -o lab",
    ),
}

LAB_GROUPS: dict[str, str] = {
    "lab": "Labs: exercises with evidence, questions and a sealed key.",
}
