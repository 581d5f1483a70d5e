"""What may be imported from a spreadsheet: the fields of each kind, and how columns name them.

Headings and words are those of lists that programmes are sent: English, French, Spanish, Arabic,
Indonesian, Vietnamese, Khmer, Lao, Thai. They serve to propose; whoever imports looks at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from kancil.ground.folding import folded
from kancil.ground.phrase import Phrase
from kancil.ground.words import languages, render
from kancil.programme.money.ledger_file import CLASSES
from kancil.programme.vocabulary import (
    ActivityKind,
    ActivityState,
    AgeBand,
    BudgetClass,
    Part,
    Profession,
    Sex,
)
from kancil.records.described import named


class ImportKind(StrEnum):
    """What the rows of a spreadsheet are."""

    PARTICIPANTS = "participants"
    """Adults, and for which activity they are registered."""
    ACTIVITIES = "activities"
    BUDGETS = "budgets"


class Shape(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    DAY = "day"
    WORD = "word"
    """One of `Field.words`."""
    AMOUNT = "amount"
    YES = "yes"
    """Whether something is so; empty: it is not said."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a column may be."""

    name: str
    headings: tuple[str, ...]
    """How lists name it, the first in English."""
    shape: Shape = Shape.TEXT
    needed: bool = False
    words: type[StrEnum] | None = None
    """Of a word; of a text: what stands for one is replaced by it."""
    most: int = 300
    """Characters."""

    @property
    def label(self) -> Phrase:
        """Its name to the reader."""
        return Phrase(f"name.import-{self.name.replace('_', '-')}")


_NAME = Field(
    "name",
    ("name", "full name", "participant", "nom et prénom", "nom complet", "nom", "nombre completo",
     "nombre y apellidos", "nombre", "nama lengkap", "nama", "họ và tên", "họ tên", "ឈ្មោះ",
     "គោត្តនាមនិងនាម", "ຊື່ ແລະ ນາມສະກຸນ", "ຊື່", "ชื่อ-นามสกุล", "ชื่อ", "الاسم الكامل", "الاسم"),
    needed=True, most=200,
)  # fmt: skip
OTHER_NAME = Field(
    "other_name",
    ("given name", "given names", "first name", "forename", "family name", "last name", "surname",
     "prénom", "prénoms", "nom de famille", "apellido", "apellidos", "nombres", "nama depan",
     "nama belakang", "tên", "họ", "ນາມສະກຸນ", "นามสกุล", "គោត្តនាម", "اسم العائلة"),
    most=100,
)  # fmt: skip
"""The other part of a name that stands in two columns; joined in the order of the sheet."""
_COUNTRY = ("country", "pays", "país", "negara", "quốc gia", "nước", "ប្រទេស", "ປະເທດ", "ประเทศ",
            "الدولة", "البلد")  # fmt: skip
_ACTIVITY_CODE = Field(
    "activity_code",
    ("activity code", "activity", "course code", "event code", "code de l'activité",
     "código de actividad", "kode kegiatan", "mã hoạt động"),
    most=60,
)  # fmt: skip
_TITLE = ("title", "activity title", "activity", "name of activity", "intitulé", "titre", "título",
          "judul", "nama kegiatan", "tên hoạt động", "ចំណងជើង", "ຊື່ກິດຈະກຳ", "العنوان")  # fmt: skip

PARTICIPANT_FIELDS = (
    _NAME,
    OTHER_NAME,
    Field("country", _COUNTRY, needed=True, most=100),
    Field(
        "organisation",
        ("organisation", "organization", "agency", "institution", "organisme", "institución",
         "organización", "instansi", "cơ quan", "đơn vị", "អង្គភាព", "ស្ថាប័ន", "ອົງການ", "หน่วยงาน",
         "المؤسسة", "الجهة"),
        most=200,
    ),
    Field(
        "office",
        ("office", "position", "function", "job title", "rank", "title", "poste", "fonction",
         "cargo", "puesto", "jabatan", "chức vụ", "តួនាទី", "ຕຳແໜ່ງ", "ตำแหน่ง", "المنصب"),
        most=200,
    ),
    Field(
        "email",
        ("e-mail", "email", "email address", "mail", "courriel", "adresse électronique",
         "correo electrónico", "correo", "surel", "thư điện tử", "អ៊ីមែល", "ອີເມວ", "อีเมล",
         "البريد الإلكتروني"),
        most=254,
    ),
    Field(
        "sex",
        ("sex", "gender", "m/f", "sexe", "genre", "sexo", "género", "jenis kelamin", "giới tính",
         "ភេទ", "ເພດ", "เพศ", "الجنس"),
        Shape.WORD, words=Sex,
    ),
    Field(
        "age_band",
        ("age", "age band", "age group", "âge", "tranche d'âge", "edad", "umur", "usia", "tuổi",
         "អាយុ", "ອາຍຸ", "อายุ", "العمر"),
        words=AgeBand,
    ),
    Field(
        "role",
        ("role", "profession", "occupation", "work", "métier", "profesión", "profesi", "pekerjaan",
         "nghề nghiệp", "មុខរបរ", "ອາຊີບ", "อาชีพ", "المهنة"),
        Shape.WORD, words=Profession,
    ),
    Field("consent_on", ("consent on", "date of consent", "consent date", "consentement",
                         "fecha de consentimiento"), Shape.DAY),
    Field("consent_to", ("consent to", "consent", "consented to"), most=500),
    _ACTIVITY_CODE,
    Field("part", ("part", "takes part as", "capacity", "participe en tant que", "calidad",
                   "peran"), Shape.WORD, words=Part),
    Field(
        "attended",
        ("attended", "present", "attendance", "présent", "présence", "asistió", "asistencia",
         "hadir", "kehadiran", "có mặt", "វត្តមាន", "حضر"),
        Shape.YES,
    ),
)  # fmt: skip
ACTIVITY_FIELDS = (
    Field("code", ("code", "activity code", "reference", "référence", "código", "kode", "mã"),
          most=60),
    Field("kind", ("kind", "type", "type of activity", "activity type", "type d'activité", "tipo",
                   "jenis", "jenis kegiatan", "loại", "ប្រភេទ", "ປະເພດ", "ประเภท", "النوع"),
          Shape.WORD, needed=True, words=ActivityKind),
    Field("title", _TITLE, needed=True),
    Field(
        "begins_on",
        ("begins on", "start date", "start", "starts", "begin", "first day", "from", "date",
         "date de début", "du", "fecha de inicio", "inicio", "tanggal mulai", "mulai",
         "ngày bắt đầu", "ថ្ងៃចាប់ផ្តើម", "ວັນເລີ່ມ", "วันที่เริ่ม", "تاريخ البدء"),
        Shape.DAY, needed=True,
    ),
    Field(
        "ends_on",
        ("ends on", "end date", "ends", "end", "last day", "to", "until", "date de fin", "au",
         "fecha de fin", "fin", "tanggal selesai", "selesai", "ngày kết thúc", "ថ្ងៃបញ្ចប់", "ວັນສິ້ນສຸດ",
         "วันที่สิ้นสุด", "تاريخ الانتهاء"),
        Shape.DAY,
    ),
    Field("countries", ("countries", *_COUNTRY, "pays bénéficiaires", "países")),
    Field("region", ("region", "région", "región", "wilayah", "khu vực"), most=40),
    Field("place", ("place", "venue", "location", "city", "lieu", "ville", "lugar", "ciudad",
                    "tempat", "lokasi", "địa điểm", "ទីកន្លែង", "ສະຖານທີ່", "สถานที่", "المكان"),
          most=200),
    Field("purpose", ("purpose", "objective", "description", "objectif", "objetivo", "tujuan",
                      "mục đích"), most=5_000),
    Field("counterpart", ("counterpart", "national counterpart", "homologue", "contraparte")),
    Field("state", ("state", "status", "statut", "état", "estado", "trạng thái"),
          Shape.WORD, words=ActivityState),
    Field("to_security_forces", ("to security forces", "police or security forces",
                                 "supports security forces"), Shape.YES),
    Field("report", ("report", "what was done", "summary", "rapport", "informe", "laporan",
                     "báo cáo"), most=5_000),
)  # fmt: skip
BUDGET_FIELDS = (
    Field("grant_code", ("grant code", "grant", "fund", "award", "subvention", "donación", "hibah"),
          most=60),
    _ACTIVITY_CODE,
    Field("budget_class", ("budget class", "class", "category", "budget category", "catégorie",
                           "categoría", "kategori", "hạng mục"),
          Shape.WORD, needed=True, words=BudgetClass),
    Field("amount", ("amount", "budget", "budgeted", "total", "montant", "importe", "monto",
                     "jumlah", "số tiền", "ចំនួនទឹកប្រាក់", "ຈຳນວນເງິນ", "จำนวนเงิน", "المبلغ"),
          Shape.AMOUNT, needed=True),
    Field("currency", ("currency", "currency code", "devise", "moneda", "mata uang", "tiền tệ"),
          most=3),
    Field("period_from", ("from", "period from", "start date", "du", "desde", "dari", "từ"),
          Shape.DAY, needed=True),
    Field("period_to", ("to", "period to", "end date", "until", "au", "hasta", "sampai", "đến"),
          Shape.DAY, needed=True),
    Field("what", ("what", "description", "item", "budget line", "libellé", "descripción",
                   "uraian", "mô tả"), most=200),
)  # fmt: skip
FIELDS: Mapping[ImportKind, tuple[Field, ...]] = {
    ImportKind.PARTICIPANTS: PARTICIPANT_FIELDS,
    ImportKind.ACTIVITIES: ACTIVITY_FIELDS,
    ImportKind.BUDGETS: BUDGET_FIELDS,
}

YES = frozenset({"yes", "y", "true", "1", "x", "✓", "✔", "oui", "sí", "si", "ya", "có", "បាទ",
                 "ចាស", "ແມ່ນ", "ใช่", "نعم"})  # fmt: skip
NO = frozenset({"no", "n", "false", "0", "-", "non", "tidak", "không", "ទេ", "ບໍ່", "ไม่", "لا"})
_WORDS: Mapping[type[StrEnum], Mapping[str, tuple[str, ...]]] = {
    Sex: {
        "female": ("f", "w", "woman", "femme", "féminin", "femenino", "mujer", "perempuan",
                   "wanita", "nữ", "ស្រី", "ຍິງ", "หญิง", "أنثى", "mrs", "ms"),
        "male": ("m", "h", "man", "homme", "masculin", "masculino", "hombre", "laki-laki", "pria",
                 "nam", "ប្រុស", "ຊາຍ", "ชาย", "ذكر", "mr"),
        "other": ("x", "non-binary", "autre", "otro"),
        "not-stated": ("unknown", "not stated", "?", "n/a"),
    },
    Profession: {
        "police": ("police officer", "policeman", "policewoman", "investigator", "policier",
                   "policía", "polisi", "công an", "cảnh sát", "ប៉ូលិស", "ຕຳຫຼວດ",
                   "ตำรวจ", "شرطة"),
        "examiner": ("forensic examiner", "digital forensics", "forensics"),
        "prosecutor": ("procureur", "fiscal", "jaksa", "kiểm sát viên", "ព្រះរាជអាជ្ញា", "ໄອຍະການ",
                       "อัยการ", "مدع عام"),
        "judge": ("juge", "magistrat", "juez", "jueza", "hakim", "thẩm phán", "ចៅក្រម", "ຜູ້ພິພາກສາ",
                  "ผู้พิพากษา", "قاض"),
        "policy": ("ministry", "regulator", "civil servant", "policy maker", "ministère",
                   "ministerio"),
        "teacher": ("enseignant", "profesor", "profesora", "docente", "guru", "giáo viên"),
        "academic": ("professor", "university", "researcher", "chercheur", "dosen"),
        "industry": ("private sector", "company", "secteur privé", "sector privado"),
        "civil-society": ("ngo", "cso", "ong", "lsm"),
        "other": ("autre", "otro", "otra", "lainnya", "khác"),
    },
    Part: {
        "participant": ("trainee", "attendee", "peserta", "participante", "học viên"),
        "trainer": ("instructor", "formateur", "formatrice", "formador", "pelatih"),
        "speaker": ("presenter", "intervenant", "ponente", "narasumber"),
        "observer": ("observateur", "observador"),
    },
    ActivityKind: {
        "training": ("course", "training course", "formation", "capacitación", "curso",
                     "pelatihan", "tập huấn", "វគ្គបណ្តុះបណ្តាល", "ຝຶກອົບຮົມ", "อบรม", "تدريب"),
        "workshop": ("seminar", "atelier", "séminaire", "taller", "lokakarya", "hội thảo"),
        "conference": ("meeting", "conférence", "conferencia", "konferensi", "hội nghị"),
        "study": ("research", "étude", "estudio", "kajian", "nghiên cứu"),
        "mission": ("advisory mission", "visit", "misión"),
        "mentoring": ("mentorship", "mentorat", "mentoría"),
        "equipment": ("donation of equipment", "équipement", "equipamiento", "peralatan"),
        "awareness": ("campaign", "awareness campaign", "sensibilisation", "sensibilización"),
        "legislative": ("legislative advice", "legal advice", "conseil législatif"),
    },
    ActivityState: {
        "planned": ("upcoming", "prévu", "prévue", "planificado", "planificada", "confirmed"),
        "done": ("completed", "held", "implemented", "finished", "terminé", "réalisé",
                 "realizado", "realizada", "selesai", "hoàn thành"),
        "cancelled": ("canceled", "annulé", "annulée", "cancelado", "cancelada", "batal"),
    },
    AgeBand: {"60-over": ("60+", "60 and over", "over 60"), "not-stated": ("unknown", "n/a", "?")},
}  # fmt: skip


def needed(kind: ImportKind) -> tuple[Field, ...]:
    """The fields without which no row is taken."""
    return tuple(each for each in FIELDS[kind] if each.needed)


@cache
def words_of(words: type[StrEnum]) -> Mapping[str, str]:
    """Values by what lists write for them, folded."""
    if words is BudgetClass:
        return {plain_words(name): str(value) for name, value in CLASSES.items()}
    found = {}
    for each in words:
        for written in (each.value, *_WORDS.get(words, {}).get(each.value, ())):
            found[plain_words(written)] = each.value
    for each in words:  # and as the pages and the template of such a list name it
        for language in languages():
            shown = render(named(each).key, language)
            found.setdefault(plain_words(shown), each.value)
    return found


def words_listed(words: type[StrEnum]) -> str:
    """The words of a field as a list may write them, one after the other."""
    return ", ".join(each.value for each in words)


@cache
def _headings() -> frozenset[str]:
    fields = (each for kind in ImportKind for each in FIELDS[kind])
    return frozenset(plain_words(heading) for each in fields for heading in each.headings)


def is_heading(text: str) -> bool:
    """Whether a text is the name of a column in some list."""
    return plain_words(text) in _headings()


def plain_words(text: str) -> str:
    """A heading or word as it is compared: folded, marks between words as blanks.

    Arabic without its vowel signs and its stretched lines, which few people type.
    """
    return " ".join(folded(text).translate(_BLANKS | _UNTYPED).split())


_UNTYPED = dict.fromkeys((0x0640, *range(0x064B, 0x0653)))
_BLANKS = str.maketrans(dict.fromkeys("*:;,._/\\-–()[]\"'’#", " "))
