"""Names of threats, and statements: a question with what a stage says of it."""

from __future__ import annotations

import pytest

from kancil.assessment.naming import stated, threat_name, whole_stage
from kancil.assessment.protocol_files.library import named_protocol


def test_each_threat_of_the_packaged_protocol_has_a_name_of_its_own_that_asks_nothing() -> None:
    asked = [
        each.question.in_language("en") for each in named_protocol("threat").indicators.values()
    ]
    names = [threat_name(each) for each in asked]
    assert not [name for name in names if "?" in name or name.startswith("How")]
    assert len(set(names)) == len(names)
    assert names[0] == "Unauthorised access to accounts and systems"


@pytest.mark.parametrize("language", ["es", "ar"])
def test_a_threat_has_a_name_in_each_language_whose_questions_are_known(language: str) -> None:
    asked = [
        each.question.in_language(language) for each in named_protocol("threat").indicators.values()
    ]
    names = [threat_name(each) for each in asked]
    assert not [name for name in names if "?" in name or "؟" in name]
    assert len(set(names)) == len(names)


def test_what_is_asked_in_another_form_is_its_own_name() -> None:
    for asked in ("Seberapa parah ransomware?", "How grave", "How grave is ?", ""):
        assert threat_name(asked) == asked


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Are there trained judges (in law)?", "There are none.", "There are no trained judges."),
        ("Is there a unit?", "There is none.", "There is no unit."),
        ("Is online safety taught in schools?", "It is not.",
         "Online safety taught in schools: it is not."),
        ("Are requests tracked?", "INTERPOL does.", "Requests tracked: INTERPOL does."),
        ("Can payments be stopped and be traced?", "They cannot.",
         "Payments stopped and traced: they cannot."),
        ("Is fraud a crime online?", "It is not.", "Fraud as a crime online: it is not."),
        ("Are reported crimes recorded?", "They are not.",
         "Reported crimes recorded: they are not."),
        ("Is it held, and does it work?", "It is.", "It is (Is it held, and does it work?)"),
        ("Does the law say so?", "It does.", "It does (Does the law say so?)"),
        ("Ada unit?", "Tidak ada.", "Tidak ada (Ada unit?)"),
    ],
)  # fmt: skip
def test_a_question_with_its_answer_is_a_statement(question: str, answer: str, said: str) -> None:
    assert stated(question, answer) == said


def test_a_stage_that_builds_on_another_is_said_whole() -> None:
    stages = {3: "A unit works.", 4: "As stage 3, and it is reviewed.", 5: "As stage 9, too."}
    assert whole_stage(stages, 4) == "A unit works, and it is reviewed."
    assert whole_stage(stages, 5) == "As stage 9, too."
    assert whole_stage(stages, 2) == ""
    stages[3] = "As stage 2, and it is staffed."
    stages[2] = "A unit."
    assert whole_stage(stages, 4) == "A unit, and it is staffed, and it is reviewed."
    in_spanish = {3: "Funciona.", 4: "Como en el nivel 3, y se revisa.",
                  5: "Como en el nivel 3, auditado."}  # fmt: skip
    assert whole_stage(in_spanish, 4) == "Funciona, y se revisa."
    assert whole_stage(in_spanish, 5) == "Funciona; auditado."
    in_arabic = {3: "تعمل الوحدة.", 4: "كالمرحلة 3، وتُراجَع.", 5: "كالمرحلة 3، في كل بلد."}
    assert whole_stage(in_arabic, 4) == "تعمل الوحدة، وتُراجَع."
    assert whole_stage(in_arabic, 5) == "تعمل الوحدة؛ في كل بلد."


def test_threats_in_spanish_have_names_and_every_such_stage_is_known_by_its_form() -> None:
    for each in named_protocol("threat").indicators.values():
        assert "?" not in threat_name(each.question.in_language("es"))
    for each in named_protocol("capability").indicators.values():
        said = {value: words.in_language("es") for value, words in each.stages.items()}
        assert not [value for value in said if "Como en el" in whole_stage(said, value)]


def test_no_gap_of_the_packaged_protocols_is_a_bare_question() -> None:
    for name in ("capability", "response"):
        for each in named_protocol(name).indicators.values():
            question = each.question.in_language("en")
            for words in each.stages.values():
                assert not stated(question, words.in_language("en")).endswith("?")
