"""What people of the sample programme write: comments, reasons, notes. All of it is invented.

Each fits any stage of any question of its area; which one is written follows from the question.
"""

from __future__ import annotations

COMMENTS = {
    "lf": (
        "The Act on Computers of 2019 is the only source. No regulation under it was issued.",
        "The ministry gave us the gazette copy; the commentary it promised has not come yet.",
        "Two prosecutors read this section in different ways, and no case was decided on it.",
        "The judge we met applies the general law of evidence, for want of a rule of its own.",
    ),
    "gv": (
        "The committee met twice last year. We read both minutes; the budget is not in them.",
        "The strategy names this task, and no office for it. The secretariat agrees.",
        "Three ministries told us three different dates for the last meeting.",
        "The coordinator changed in January; the files were handed over only in part.",
    ),
    "le": (
        "Eleven posts are approved and seven filled, by the staff list of 3 February.",
        "The training plan ends in 2025. Nobody we asked has seen a new one.",
        "We saw the log of the last month. Weekends are missing from it.",
        "The provincial office does this by telephone with the capital, and keeps no note of it.",
    ),
    "pj": (
        "Four prosecutors are named in the order of 12 May; two of them were moved since.",
        "The bench book has no chapter on digital evidence. The judges' school is writing one.",
        "Of nine judgments that we read, five describe how the copy was made.",
        "Defence lawyers say that they get the image, and no tool to open it.",
    ),
    "df": (
        "The laboratory follows a written procedure of 2022. We checked three cases against it.",
        "Licences for two of the tools end in September, and no renewal is in the budget.",
        "41 telephones wait on the shelf. The oldest label is from October.",
        "One examiner does all extractions. In the holidays nothing moves.",
    ),
    "oc": (
        "Reports from abroad arrive daily. A list of who works on which one is kept by hand.",
        "The helpline and the police signed a memorandum; both gave us the same copy.",
        "Officers are offered a talk with a psychologist once a year. Few go.",
        "Children are heard in the ordinary interview room; the other one has no recorder.",
    ),
    "cf": (
        "The financial intelligence unit answered in writing, with figures for two years.",
        "Tracing is done with one licence that two units share by appointment.",
        "The exchange that we visited answers police by e-mail, usually within a week.",
        "Coins seized in 2024 are on a telephone in a safe. Who holds the words is not written.",
    ),
    "dn": (
        "There is an instruction of 2023. It does not say who approves an assumed identity.",
        "The prosecutor's guidance allows observation; test purchases are left open.",
        "Officers use a separate laptop. What is done on it is not logged.",
        "The last operation was a partner's; the unit gave two addresses and learned the result.",
    ),
    "xc": (
        "The register of the central authority shows 36 requests sent and 14 answered.",
        "The contact point is staffed in office hours. At night a guard takes the call.",
        "Requests wait for translation longest: six weeks in the two files that we saw.",
        "The desk officer knows the channels well; no handbook would tell a successor.",
    ),
    "pr": (
        "The campaign of last autumn reached schools in the capital; no count was made elsewhere.",
        "The ministry sent its teaching material. It is from 2021 and speaks of passwords only.",
        "Teachers download lessons from abroad, since there are none here.",
        "Banks warn their customers of fraud on their own; nobody brings the messages together.",
    ),
    "ts": (
        "The yearly report counts cases, not victims, and groups all fraud as one line.",
        "Statistics of police and of prosecutors use different headings and cannot be joined.",
        "Analysts read the news and partners' bulletins. They have no access to case files.",
        "The unit believes that most victims never report; no survey was made.",
    ),
    "tc": (
        "The list of designated organisations is public, with the dates of each decision.",
        "Powers are those of the general law. Their use in this field is not counted apart.",
        "Removal requests go to platforms by letter; two answers were shown to us.",
        "Civil society was asked about the draft, and says its remarks were not answered.",
    ),
    "sm": (
        "The instruction separates open sources from contact with a person. We have a copy.",
        "The office of data protection was not asked when the rules were made.",
        "Officers use their own accounts, and know that they should not.",
        "Screenshots go into the file without a hash. A form for them exists since March.",
    ),
    "rf": (
        "The agreement of the laboratories was signed; the annex on costs is still a draft.",
        "Results of the last common test were sent to all but discussed by none.",
        "Equipment was lent once, for a bus accident. Return took five months.",
        "The contact list of examiners is two years old; three of nine numbers still work.",
    ),
}
"""By area of the protocol `capability`: two that Ann writes from papers, two that Bo writes from
what was seen and heard."""
OTHER_COMMENTS = (
    "We rest this on the text in force and the ministry's letter of 9 February.",
    "The office answered our second letter; the annex with figures is still missing.",
    "Those who do the work see it less favourably than the ministry does.",
    "Nobody could show us a case in which this was needed.",
)
"""Of other protocols, in the same order."""
NOT_APPLICABLE = (
    "The task lies with the regional body, which is not part of this round.",
    "The country has no such office, and the law foresees none.",
    "There was no case of this kind in the period.",
)
AGREED = (
    "We read the register together, line by line. The lower figure counts drafts as well.",
    "The letter that came on 16 April settles it; Bo had answered before it came.",
    "The head of the unit corrected the first statement in writing.",
    "Both of us had counted the pilot as routine. It ended in December.",
)
DISPUTED = (
    "We count different units, and neither of us has a list of them.",
    "The ministry says it is in force, the gazette has not printed it.",
    "One office showed us the procedure, another had never heard of it.",
    "The papers say yes, the people who should do it say no.",
)
TEXTS = {
    "L02": "Act on Computers (adopted 2019, last changed 2023); Code of Criminal Procedure"
           " (1998, last changed 2021); Act on Electronic Evidence (2022).",
    "S08": "A budget line of its own for the unit, examiners who stay longer than a year, and an"
           " office that answers requests from abroad at night.",
}  # fmt: skip
OTHER_TEXT = "The office prefers to answer this in the interview."
INTERVIEW = (
    "They wait five months for the examination of a telephone, and take urgent ones to the capital"
    " by bus. They asked that the ministry should not learn who said so. (Invented.)"
)
MATTERS = {
    "policy": ("A duty list of the offices that work together", "A duty list was adopted."),
    "diplomacy": ("Which ministry leads on ratification", ""),
    "law_enforcement": ("Who answers requests from abroad at night", ""),
    "prosecution_judiciary": ("A chapter on digital evidence for the bench book", ""),
    "prevention": ("One message of banks and schools on fraud by telephone", ""),
}
"""By sector of a body: what is on its table, and the outcome of what is closed."""


def picked(bank: tuple[str, ...], number: int) -> str:
    """One of a bank, by a number."""
    return bank[number % len(bank)]


PLAN = {
    "awareness_campaign": (
        "Warn people of investment fraud before the holidays", "Ministry of Information",
        "Radio spots and posters in three languages, and a hotline number that is answered.",
        "More people report before they pay a second time.",
    ),
    "case_support": (
        "Examiners on call for the first ten cases", "Cybercrime Unit of Kasa",
        "Two examiners join ten cases on request, each with a written handover.",
        "The unit works such cases without help from abroad.",
    ),
    "coordination_mechanism": (
        "One desk for police, prosecutors and the central authority", "Prosecutor General",
        "A weekly meeting with minutes, and rules on who sends which request.",
        "Requests abroad leave complete, and within two days.",
    ),
    "directory_and_tools": (
        "Templates and a register of requests", "Central authority",
        "Six templates, a directory of contacts and a register that counts the days.",
        "Nobody looks for a contact point while data are being deleted.",
    ),
    "e_learning": (
        "First steps at the scene, taught online", "Police Academy",
        "A course of five lessons, taken by 200 officers of the provinces.",
        "Devices arrive at the laboratory sealed and described.",
    ),
    "equipment_software": (
        "A second workplace for the laboratory", "Forensic Laboratory",
        "One workstation, write blockers and licences for three years.",
        "The backlog is known each month, and shrinks.",
    ),
    "evaluation": (
        "Count what changed after a year", "National coordination office",
        "Baselines now, and the same counts again in twelve months.",
        "The next plan rests on figures of Kasa's own.",
    ),
}  # fmt: skip
"""Items of the sample's plan by kind of help: title, owner, what it delivers, what follows."""
