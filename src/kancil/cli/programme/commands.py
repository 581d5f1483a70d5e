"""The commands of a programme's site, for the lazy table of all commands."""

from __future__ import annotations

from kancil.cli.frame.target import Target

ASSESS_COMMANDS: dict[str, Target] = {
    "assess protocols": Target(
        "programme.protocols",
        "protocols",
        "List the assessment protocols that come with Kancil.",
        "kancil assess protocols",
    ),
    "assess check": Target(
        "programme.protocols",
        "check",
        "Check a protocol that you wrote; list every fault with its line.",
        "kancil assess check my-country-2026.1.yaml",
    ),
    "assess person add": Target(
        "programme.site",
        "person_add",
        "Add an account for the programme's site.",
        "kancil assess person add dara --name 'Dara S.' --role assessor",
    ),
    "assess person factors": Target(
        "programme.site",
        "person_factors",
        "Remove somebody's second factors, such as those of a lost telephone.",
        "kancil assess person factors dara --reason 'telephone lost'",
    ),
    "assess person list": Target(
        "programme.site",
        "person_list",
        "List the accounts of the programme's site.",
        "kancil assess person list",
    ),
    "assess country add": Target(
        "programme.site",
        "country_add",
        "Add a country, or an invented one for practice.",
        "kancil assess country add KHM",
    ),
    "assess country list": Target(
        "programme.site",
        "country_list",
        "List the countries you may see.",
        "kancil assess country list",
    ),
    "assess protocol keep": Target(
        "programme.site",
        "protocol_keep",
        "Add a protocol, unchanged to the byte, for rounds to use.",
        "kancil assess protocol keep capability-2026.2",
    ),
    "assess key export": Target(
        "programme.site",
        "key_export",
        "Export your public key as a signed file, to give to the site.",
        "kancil assess key export -o dara.kancil-key",
    ),
    "assess key add": Target(
        "programme.site",
        "key_add",
        "Add the key with which a team member signs their files of answers.",
        "kancil assess key add dara dara.kancil-key --fingerprint SHA256:… --compared 'read aloud'",
    ),
    "assess key end": Target(
        "programme.site",
        "key_end",
        "Import no more files under a key.",
        "kancil assess key end SHA256:…",
    ),
    "assess key list": Target(
        "programme.site",
        "key_list",
        "List the team keys.",
        "kancil assess key list",
    ),
    "assess round new": Target(
        "programme.rounds",
        "new",
        "Open a round on one or more protocols.",
        "kancil assess round new XKA 'First round' --protocol capability-2026.2 --from"
        " 2026-03-01 --to 2026-05-31",
    ),
    "assess round list": Target(
        "programme.rounds",
        "list_rounds",
        "List the rounds you see.",
        "kancil assess round list",
    ),
    "assess round show": Target(
        "programme.rounds",
        "show",
        "Show a round with its team.",
        "kancil assess round show 'First round'",
    ),
    "assess round close": Target(
        "programme.rounds",
        "close",
        "Close a round: it takes no more answers.",
        "kancil assess round close 'First round'",
    ),
    "assess comments": Target(
        "programme.voice",
        "comments",
        "Show the comments on a round with their replies, the term, and the sign-off.",
        "kancil assess comments 'First round' --unanswered",
    ),
    "assess comment": Target(
        "programme.voice",
        "comment",
        "Comment on an answer, correct a fact, or bring evidence.",
        "kancil assess comment 'First round' LF01 --kind correction --text 'The decree was"
        " replaced in May' --office 'Ministry of Justice'",
    ),
    "assess reply": Target(
        "programme.voice",
        "reply",
        "Reply to a comment for the team.",
        "kancil assess reply 'First round' ID corrected --text 'Stage 2 stands now'",
    ),
    "assess term": Target(
        "programme.voice",
        "term",
        "Ask the country to comment by a day.",
        "kancil assess term 'First round' --until 2026-06-30",
    ),
    "assess sign-off": Target(
        "programme.voice",
        "sign_off",
        "Record that a named official of the country signed the round off.",
        "kancil assess sign-off 'First round' --official 'A. Official' --office Secretary"
        " --on 2026-06-30",
    ),
    "assess due": Target(
        "programme.voice",
        "due",
        "List what is late or due and yours to act on; also as a calendar file.",
        "kancil assess due --ics due.ics",
    ),
    "assess team": Target(
        "programme.rounds",
        "team",
        "Set a round's team.",
        "kancil assess team 'First round' --lead lea --assessor ann --assessor bo",
    ),
    "assess respondent add": Target(
        "programme.rounds",
        "respondent",
        "Add an institution that answers in a round.",
        "kancil assess respondent add 'First round' 'Ministry of Justice' --sector justice",
    ),
    "assess progress": Target(
        "programme.rounds",
        "progress",
        "Show the progress of a round, and what is still to answer by whom.",
        "kancil assess progress 'First round'",
    ),
    "assess answer": Target(
        "programme.answers",
        "answer",
        "Give your own answer to an indicator.",
        "kancil assess answer 'First round' LF01 3 --confidence high --comment 'Sections 4 to 9'",
    ),
    "assess answers": Target(
        "programme.answers",
        "answers",
        "Show the current answers of a round, with the id of each.",
        "kancil assess answers 'First round' LF01",
    ),
    "assess settle": Target(
        "programme.answers",
        "settle",
        "Reconcile answers: agree on one, record a dispute, or reopen an indicator.",
        "kancil assess settle 'First round' LF01 --dispute --note 'we read section 4 differently'",
    ),
    "assess conflicts": Target(
        "programme.answers",
        "conflicts",
        "List questions to which one author gave two answers.",
        "kancil assess conflicts 'First round'",
    ),
    "assess evidence add": Target(
        "programme.answers",
        "evidence_add",
        "Add an item of evidence, with its file or without.",
        "kancil assess evidence add 'First round' report.pdf --title 'Annual report' --grade a",
    ),
    "assess evidence list": Target(
        "programme.answers",
        "evidence_list",
        "List the evidence of a round, and the answers based on it.",
        "kancil assess evidence list 'First round'",
    ),
    "assess evidence withhold": Target(
        "programme.answers",
        "evidence_withhold",
        "Withhold an item from exports and reports.",
        "kancil assess evidence withhold 'First round' ID --reason 'given in confidence'",
    ),
    "assess interview add": Target(
        "programme.answers",
        "interview_add",
        "Record an interview, which only you and the lead will see.",
        "kancil assess interview add 'First round' --on 2026-04-03 --people 2 --group"
        " 'two investigators' --consent 'aloud, notes only' --notes notes.txt",
    ),
    "assess interview list": Target(
        "programme.answers",
        "interview_list",
        "List the interviews that you may read.",
        "kancil assess interview list 'First round'",
    ),
    "assess score": Target(
        "programme.figures",
        "score",
        "Show the figures of a round, with coverage and confirmation.",
        "kancil assess score 'First round' --lines",
    ),
    "assess compare": Target(
        "programme.figures",
        "compare",
        "Compare two rounds: what changed, and which evidence changed it.",
        "kancil assess compare 'Second round' 'First round'",
    ),
    "assess extract add": Target(
        "programme.law",
        "extract_add",
        "Add a piece of a country's law, word for word.",
        "kancil assess extract add XKA --law 'Computer Act' --citation 'No. 3/2024'"
        " --article 4 --text article.txt --language en --source 'Gazette'",
    ),
    "assess extract split": Target(
        "programme.law",
        "extract_split",
        "Split a statute into its articles, and keep them as extracts.",
        "kancil assess extract split XKA act.docx --law 'Computer Act' --citation 'No. 3/2024'"
        " --language en --source 'Gazette' --keep",
    ),
    "assess extract use": Target(
        "programme.law",
        "extract_use",
        "Make a statute extract evidence in a round.",
        "kancil assess extract use 'First round' ID",
    ),
    "assess extract list": Target(
        "programme.law",
        "extract_list",
        "List a country's statute extracts.",
        "kancil assess extract list XKA",
    ),
    "assess carry-over": Target(
        "programme.carrying",
        "carry_over",
        "Carry your answers over to provisions of other treaties that ask the same.",
        "kancil assess carry-over 'First round' --confirm",
    ),
    "assess status set": Target(
        "programme.law",
        "status_set",
        "Record a country's status for an instrument.",
        "kancil assess status set XKA budapest --as-of 2026-03-01 --source 'the"
        " depositary' --signed 2025-10-25",
    ),
    "assess status list": Target(
        "programme.law",
        "status_list",
        "List a country's status for each instrument.",
        "kancil assess status list XKA",
    ),
    "assess texts import": Target(
        "programme.texts",
        "import_text",
        "Import the official text of an instrument.",
        "kancil assess texts import budapest convention.html --source 'Council of Europe, its"
        " treaty office, 2026-03-09'",
    ),
    "assess texts list": Target(
        "programme.texts",
        "list_texts",
        "List the official texts that this site keeps.",
        "kancil assess texts list",
    ),
    "assess texts compare": Target(
        "programme.texts",
        "compare",
        "Record that a lawyer compared a provision with the official text.",
        "kancil assess texts compare 'First round' budapest.7 --text ID --lawyer 'S. Rim'"
        " --on 2026-03-09",
    ),
    "assess matrix": Target(
        "programme.law",
        "matrix",
        "Show the legal matrix of a round, and whether a lawyer signed it.",
        "kancil assess matrix 'First round'",
    ),
    "assess sign": Target(
        "programme.law",
        "sign",
        "Record that an admitted lawyer signed the legal matrix as it is.",
        "kancil assess sign 'First round' --lawyer 'A. B.' --admitted 'Bar of Kasa, 2009'"
        " --signed-on 2026-03-02 --sha256 DIGEST",
    ),
    "assess road add": Target(
        "programme.law",
        "road_add",
        "Add a step to the road map to ratification or a law.",
        "kancil assess road add 'First round' 'Computer Act' --stage bill --owner"
        " 'Ministry of Justice' --due 2026-09-30",
    ),
    "assess road done": Target(
        "programme.law",
        "road_done",
        "Record on which day a step of the road map was done.",
        "kancil assess road done 'First round' ID --on 2026-09-01",
    ),
    "assess road list": Target(
        "programme.law",
        "road_list",
        "List the steps of a round's road map.",
        "kancil assess road list 'First round'",
    ),
    "assess plan": Target(
        "programme.plan",
        "plan",
        "Show gaps in order with reasons, and the plan with its obstacles.",
        "kancil assess plan 'First round'",
    ),
    "assess gap choose": Target(
        "programme.plan",
        "gap_choose",
        "Record the country's own choice for a gap.",
        "kancil assess gap choose 'First round' LF01 first",
    ),
    "assess gap target": Target(
        "programme.plan",
        "gap_target",
        "Set the stage up to which a gap is to be closed, and how soon it can be.",
        "kancil assess gap target 'First round' LF01 --target 3 --feasibility ready",
    ),
    "assess plan-item add": Target(
        "programme.plan",
        "item_add",
        "Add an item to the plan, proposed.",
        "kancil assess plan-item add 'First round' 'Draft the act' --indicator LF01"
        " --assistance legislative_advice --owner 'Ministry of Justice' --success 'A bill"
        " is tabled'",
    ),
    "assess plan-item approve": Target(
        "programme.plan",
        "item_approve",
        "Approve an item of the plan.",
        "kancil assess plan-item approve 'First round' ID",
    ),
    "assess plan-item reject": Target(
        "programme.plan",
        "item_reject",
        "Reject an item of the plan, with a reason.",
        "kancil assess plan-item reject 'First round' ID --reason 'not a priority this year'",
    ),
    "assess plan-item done": Target(
        "programme.plan",
        "item_done",
        "Mark an approved item as done.",
        "kancil assess plan-item done 'First round' ID --outcome 'tabled on 3 March'",
    ),
    "assess diligence add": Target(
        "programme.plan",
        "diligence_add",
        "Record human rights due diligence for an item of the plan.",
        "kancil assess diligence add 'First round' ID --risk 'misuse' --mitigation"
        " 'vetting' --decision proceed --decided-by 'The committee' --review 2027-01-31",
    ),
    "assess board show": Target(
        "programme.board",
        "board",
        "Show the cross-government board of a country.",
        "kancil assess board show XKA",
    ),
    "assess board add": Target(
        "programme.board",
        "body_add",
        "Add a body of the response.",
        "kancil assess board add XKA 'Cyber council' --sector policy --responsible"
        " 'Office of the Prime Minister' --every 3",
    ),
    "assess board met": Target(
        "programme.board",
        "body_met",
        "Record when a body met.",
        "kancil assess board met XKA ID --on 2026-04-15",
    ),
    "assess matter add": Target(
        "programme.board",
        "matter_add",
        "Add a matter to a body.",
        "kancil assess matter add XKA ID 'Who runs the network point' --owner 'Ministry"
        " of Interior'",
    ),
    "assess matter close": Target(
        "programme.board",
        "matter_close",
        "Close a matter with its outcome.",
        "kancil assess matter close XKA ID --on 2026-05-01 --outcome 'the police do'",
    ),
    "assess xlsform": Target(
        "programme.files",
        "xlsform",
        "Write a protocol as a form for ODK and Kobo.",
        "kancil assess xlsform capability-2026.2 -o form.xlsx",
    ),
    "assess import": Target(
        "programme.files",
        "import_sheet",
        "Import answers that came back from a form.",
        "kancil assess import 'First round' answers.csv --of ann --protocol capability-2026.2",
    ),
    "assess pack": Target(
        "programme.files",
        "pack",
        "Export your own answers as a signed file.",
        "kancil assess pack 'First round' -o ann.kancil-answers --audience own",
    ),
    "assess merge": Target(
        "programme.files",
        "merge",
        "Import a signed file of answers; nothing is overwritten.",
        "kancil assess merge 'First round' ann.kancil-answers",
    ),
    "assess export": Target(
        "programme.files",
        "export",
        "Export a whole round as JSON, without interviews.",
        "kancil assess export 'First round' -o round.json",
    ),
    "assess report": Target(
        "programme.reports",
        "report",
        "Write the country report of a round, or its two-page brief.",
        "kancil assess report 'First round' --kind brief --format pdf -o brief.pdf",
    ),
    "assess narrative list": Target(
        "programme.narratives",
        "list_texts",
        "List the texts of a round's report, and the room that each has.",
        "kancil assess narrative list 'First round'",
    ),
    "assess narrative write": Target(
        "programme.narratives",
        "write",
        "Write a text of a round's report over the one that stands there.",
        "kancil assess narrative write 'First round' headline --text 'The law is ready.'",
    ),
    "assess region": Target(
        "programme.reports",
        "region",
        "Write what countries released, side by side and unranked.",
        "kancil assess region -o region.pdf",
    ),
    "assess study": Target(
        "programme.studies",
        "study",
        "Count what countries released of a questionnaire, or write the study's report.",
        "kancil assess study study-2026.1 -o study.pdf --as olga",
    ),
    "assess release": Target(
        "programme.files",
        "release",
        "Record that a named official releases a document.",
        "kancil assess release 'First round' brief --file brief.pdf --official 'A. B.'"
        " --office 'Secretary' --on 2026-06-30 --consent 'Letter 12 of 1 June 2026'",
    ),
    "assess withdraw": Target(
        "programme.files",
        "withdraw",
        "Withdraw a release.",
        "kancil assess withdraw 'First round' ID --reason 'a figure was wrong'",
    ),
    "assess released": Target(
        "programme.files",
        "released",
        "List what countries released.",
        "kancil assess released",
    ),
    "package import": Target(
        "programme.packages",
        "import_file",
        "Import a package of figures that another site made.",
        "kancil package import figures.kancil-package",
    ),
    "package trust": Target(
        "programme.packages",
        "trust",
        "Trust the key with which another site signs its packages.",
        "kancil package trust SHA256:… --name 'Unit of Laos' --country LA --compared 'read aloud'",
    ),
    "package keys": Target(
        "programme.packages",
        "list_keys",
        "List the keys of other sites.",
        "kancil package keys",
    ),
    "package end-key": Target(
        "programme.packages",
        "end_key",
        "Import no more packages under a key.",
        "kancil package end-key SHA256:…",
    ),
    "package withdraw": Target(
        "programme.packages",
        "withdraw",
        "Let an imported package count no more.",
        "kancil package withdraw ID --reason 'the unit counted twice'",
    ),
}

IATI_COMMANDS: dict[str, Target] = {
    "iati check": Target(
        "programme.iati",
        "check",
        "Check IATI files against the schema and the standard ruleset.",
        "kancil iati check activities.xml",
    ),
}
ASSESS_GROUPS = {
    "assess": "Assessment of countries: protocols, rounds, plans.",
    "iati": "Files of the International Aid Transparency Initiative.",
    "assess person": "Accounts of the programme's site.",
    "assess country": "Countries of the programme.",
    "assess protocol": "Protocols that rounds use.",
    "assess key": "Team keys: the keys with which team members sign their files.",
    "assess round": "Rounds: one country, one period, one team.",
    "assess respondent": "Institutions that answer.",
    "assess evidence": "What answers are based on.",
    "assess interview": "Interviews, with access of their own.",
    "assess extract": "Pieces of a country's law.",
    "assess texts": "Official texts of instruments.",
    "assess status": "A country's status for instruments.",
    "assess road": "The road map to ratification and law.",
    "assess narrative": "Texts of a round's report.",
    "assess gap": "Gaps to the target, and the country's choice.",
    "assess plan-item": "Items of the plan.",
    "assess diligence": "Human rights due diligence.",
    "assess board": "The cross-government board.",
    "assess matter": "Matters before a body.",
    "package": "Figures between sites, reviewed and signed, with no case data.",
}
