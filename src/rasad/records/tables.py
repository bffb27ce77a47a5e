"""The tables of the records: every column with its type and titles, and whether the public may see it.

One declaration serves the bulk files (every column), the release (columns declared public) and the names of fields on pages. A model's
field that is not declared here fails a test. A record is named by its key (see `Audited.KEY`): a `unit` column holds the unit's code.
"""

from __future__ import annotations

from dataclasses import dataclass

from rasad.ledger.schema import Column, Table, Type


@dataclass(frozen=True)
class Sheet:
    """One noun: its model's name, and its table."""

    model: str
    table: Table

    @property
    def name(self) -> str:
        """The noun, as files and addresses have it."""
        return self.table.name


def _pub(
    name: str, type_: Type, fa: str, en: str, description: str = "", *, required: bool = False
) -> Column:
    return Column(name, type_, fa, en, public=True, required=required, description=description)


def _own(
    name: str, type_: Type, fa: str, en: str, description: str = "", *, required: bool = False
) -> Column:
    return Column(name, type_, fa, en, public=False, required=required, description=description)


_CODE = _pub("code", "text", "کد", "code", required=True)
_TITLE = (_pub("title", "text", "عنوان", "title", required=True), _pub("title_en", "text", "عنوان انگلیسی", "title in English"))  # fmt: skip
_NAME = (_pub("name", "text", "نام", "name", required=True), _pub("name_en", "text", "نام انگلیسی", "name in English"))  # fmt: skip
_NOTE = _own("note", "text", "یادداشت", "note")
_UNTIL = (_pub("valid_from", "date", "از تاریخ", "from"), _pub("valid_until", "date", "تا تاریخ", "until"))
_PROGRAMME = _pub("programme_code", "text", "کد برنامه", "programme code", "as the budget has it")
_BP = "basis points: 10,000 are the whole"


def _unit(*, required: bool = False) -> Column:
    return _pub("unit", "text", "کد واحد", "unit code", required=required)


SHEETS: tuple[Sheet, ...] = (
    Sheet("Unit", Table("unit", "واحد", "unit", ("code",), (
        _CODE, *_NAME,
        _pub("parent", "text", "کد واحد بالادست", "parent unit"),
        _pub("kind", "text", "گونه", "kind", required=True),
        _pub("is_it", "bool", "سازمان فناوری", "IT organisation"),
        *_UNTIL, _NOTE,
    ))),
    Sheet("Institution", Table("institution", "نهاد", "institution", ("code",), (
        _CODE, *_NAME, _pub("kind", "text", "گونه", "kind", required=True), _NOTE,
    ))),
    Sheet("Post", Table("post", "سمت", "post", ("unit", "title", "valid_from"), (
        _unit(required=True), _pub("title", "text", "عنوان سمت", "title of the post", required=True),
        _own("holder", "text", "دارندهٔ سمت", "holder", "a person's name"),
        _pub("valid_from", "date", "از تاریخ", "from", required=True), _pub("valid_until", "date", "تا تاریخ", "until"),
    ))),
    Sheet("StaffCount", Table("staff", "نیروی انسانی", "staff", ("unit", "skill", "as_of"), (
        _unit(required=True), _pub("skill", "text", "تخصص", "skill", required=True),
        _pub("as_of", "date", "در تاریخ", "as of", required=True),
        _pub("heads", "int", "شمار افراد", "head count", required=True),
        _pub("capacity_days", "int", "ظرفیت سالانه (نفر-روز)", "capacity a year (person-days)", required=True),
        _pub("vacancies", "int", "پست‌های خالی", "vacancies"),
    ))),
    Sheet("Resolution", Table("resolution", "مصوبه", "resolution", ("number",), (
        _pub("number", "text", "شماره", "number", required=True),
        _pub("council_term", "int", "دورهٔ شورا", "council term"), _pub("commission", "text", "کمیسیون", "commission"),
        _pub("date", "date", "تاریخ تصویب", "date", required=True),
        _pub("title", "text", "عنوان", "title", required=True), _pub("subject", "text", "موضوع", "subject"),
        _pub("text", "text", "متن", "text"), _pub("state", "text", "وضعیت", "state", required=True),
        _pub("notified_no", "text", "شمارهٔ ابلاغ", "notification number"), _pub("notified_on", "date", "تاریخ ابلاغ", "notified on"),
        _pub("votes_for", "int", "موافق", "votes for"), _pub("votes_against", "int", "مخالف", "votes against"),
        _pub("votes_abstaining", "int", "ممتنع", "abstaining"), _pub("votes_absent", "int", "غایب", "absent"),
    ))),
    Sheet("Goal", Table("goal", "هدف", "goal", ("code",), (
        _CODE, *_TITLE, _pub("parent", "text", "کد هدف بالادست", "parent goal"),
        _pub("weight_bp", "int", "وزن (ده‌هزارم)", "weight (basis points)", _BP),
        _pub("is_general", "bool", "هدف کلی", "general goal", "so wide that money on it is no focus"),
        _unit(), _PROGRAMME, _pub("source", "text", "مأخذ", "source"), *_UNTIL,
        _pub("description", "text", "شرح", "description"),
    ))),
    Sheet("Indicator", Table("indicator", "شاخص", "indicator", ("code",), (
        _CODE, *_TITLE, _pub("definition", "text", "تعریف", "definition"),
        _pub("measured_in", "text", "واحد سنجش", "measured in"),
        _pub("direction", "text", "جهت بهتر", "better direction", required=True),
        _pub("baseline", "decimal", "مقدار پایه", "baseline"), _pub("baseline_date", "date", "تاریخ پایه", "baseline date"),
        _pub("source", "text", "مأخذ", "source"), _pub("frequency", "text", "تناوب", "frequency", required=True),
        _unit(), _PROGRAMME,
    ))),
    Sheet("GoalIndicator", Table("goal_indicator", "شاخصِ هدف", "indicator of a goal", ("goal", "indicator"), (
        _pub("goal", "text", "کد هدف", "goal code", required=True), _pub("indicator", "text", "کد شاخص", "indicator code", required=True),
    ))),
    Sheet("Target", Table("target", "مقدار هدف", "target", ("indicator", "due"), (
        _pub("indicator", "text", "کد شاخص", "indicator code", required=True),
        _pub("due", "date", "تا تاریخ", "due", required=True), _pub("value", "decimal", "مقدار", "value", required=True),
    ))),
    Sheet("Reading", Table("reading", "مقدار شاخص", "reading", ("indicator", "period_start", "period_end"), (
        _pub("indicator", "text", "کد شاخص", "indicator code", required=True),
        _pub("period_start", "date", "آغاز دوره", "period start", required=True),
        _pub("period_end", "date", "پایان دوره", "period end", required=True),
        _pub("value", "decimal", "مقدار", "value", required=True),
        _pub("numerator", "decimal", "صورت", "numerator"), _pub("denominator", "decimal", "مخرج", "denominator"),
        _pub("source", "text", "مأخذ", "source"), _pub("quality", "text", "کیفیت", "quality", required=True), _NOTE,
    ))),
    Sheet("Service", Table("service", "خدمت", "service", ("code",), (
        _CODE, *_NAME, _unit(required=True), _pub("description", "text", "شرح", "description"),
        _pub("audience", "text", "مخاطبان", "audience"), _pub("legal_basis", "text", "مبنای قانونی", "legal basis"),
        _pub("fee", "money", "هزینه برای شهروند", "fee"), _pub("promised_days", "int", "مهلت (روز کاری)", "promised working days"),
        _pub("yearly_cases", "int", "پرونده در سال", "cases a year"), _pub("is_active", "bool", "برقرار", "active"),
    ))),
    Sheet("Channel", Table("channel", "درگاه خدمت", "channel", ("service", "kind"), (
        _pub("service", "text", "کد خدمت", "service code", required=True), _pub("kind", "text", "گونه", "kind", required=True),
        _pub("since", "date", "از تاریخ", "since"), _pub("until", "date", "تا تاریخ", "until"),
        _pub("trips", "decimal", "شمار مراجعه", "trips"), _pub("waiting_minutes", "int", "انتظار (دقیقه)", "waiting (minutes)"),
        _pub("travel_cost", "money", "هزینهٔ رفت‌وآمد", "travel cost"), _pub("elapsed_days", "decimal", "روزهای سپری‌شده", "elapsed days"),
        _pub("yearly_cases", "int", "پرونده در سال", "cases a year"),
    ))),
    Sheet("System", Table("system", "سامانه", "system", ("code",), (
        _CODE, *_NAME, _unit(required=True), _pub("purpose", "text", "کارکرد", "purpose"),
        _own("supplier", "text", "سازنده", "supplier", "may name a person"),
        _pub("state", "text", "وضعیت", "state", required=True), _pub("in_use_since", "date", "بهره‌برداری از", "in use since"),
        _pub("retired_on", "date", "کنارگذاشته در", "retired on"), _pub("users", "int", "کاربران", "users"),
    ))),
    Sheet("DataLink", Table("data_link", "پیوند داده", "data link", ("code",), (
        _CODE,
        _pub("provider_unit", "text", "واحد دهنده", "providing unit"), _pub("provider_institution", "text", "نهاد دهنده", "providing institution"),
        _pub("provider_system", "text", "سامانهٔ دهنده", "providing system"),
        _pub("consumer_unit", "text", "واحد گیرنده", "using unit"), _pub("consumer_institution", "text", "نهاد گیرنده", "using institution"),
        _pub("consumer_system", "text", "سامانهٔ گیرنده", "using system"),
        _pub("data", "text", "داده", "data", required=True), _pub("legal_basis", "text", "مبنای قانونی", "legal basis"),
        _pub("needed_since", "date", "نیاز از", "needed since"), _pub("agreed_on", "date", "توافق در", "agreed on"),
        _pub("in_use_since", "date", "بهره‌برداری از", "in use since"), _pub("last_seen_on", "date", "آخرین مشاهده", "last seen in use"),
        _pub("trips_saved", "int", "مراجعهٔ کاسته در سال", "trips saved a year"), _NOTE,
    ))),
    Sheet("Project", Table("project", "پروژه", "project", ("code",), (
        _CODE, *_TITLE, _unit(required=True), _pub("kind", "text", "گونه", "kind", required=True),
        _pub("status", "text", "وضعیت", "status", required=True), _pub("approved_on", "date", "تاریخ تصویب", "approved on"),
        _pub("started_on", "date", "آغاز واقعی", "started on"),
        _pub("first_use_on", "date", "نخستین استفادهٔ شهروند", "first citizen use"), _pub("ended_on", "date", "پایان یافته در", "ended on"),
        _pub("merged_into", "text", "ادغام در", "merged into"), _pub("resolution", "text", "شمارهٔ مصوبه", "resolution number"),
        _PROGRAMME, _pub("place", "text", "محل", "place"), _pub("last_listed_on", "date", "آخرین فهرستی که آن را آورده", "last listed on"),
            _pub("self_rating", "text", "ارزیابی خود واحد", "self-rating"),
        _pub("description", "text", "شرح", "description"), _pub("closing_report", "text", "گزارش پایان", "closing report"),
    ))),
    Sheet("Baseline", Table("baseline", "خط مبنا", "baseline", ("project", "number"), (
        _pub("project", "text", "کد پروژه", "project code", required=True), _pub("number", "int", "شماره", "number", required=True),
        _pub("start", "date", "آغاز", "start"), _pub("end", "date", "پایان", "end"), _pub("budget", "money", "بودجه", "budget"),
        _pub("decided_on", "date", "تاریخ تصمیم", "decided on"), _pub("reason", "text", "دلیل", "reason"),
        _pub("resolution", "text", "شمارهٔ مصوبه", "resolution number"),
    ))),
    Sheet("Milestone", Table("milestone", "گام", "milestone", ("project", "number"), (
        _pub("project", "text", "کد پروژه", "project code", required=True), _pub("number", "int", "شماره", "number", required=True),
        _pub("title", "text", "عنوان", "title", required=True), _pub("due", "date", "موعد", "due", required=True),
        _pub("reached_on", "date", "رسیده در", "reached on"),
    ))),
    Sheet("Progress", Table("progress", "پیشرفت فیزیکی", "physical progress", ("project", "as_of"), (
        _pub("project", "text", "کد پروژه", "project code", required=True), _pub("as_of", "date", "در تاریخ", "as of", required=True),
        _pub("physical_bp", "int", "پیشرفت (ده‌هزارم)", "progress (basis points)", _BP, required=True),
        _own("said_by", "text", "به گفتهٔ", "said by", "may name a person", required=True), _NOTE,
    ))),
    Sheet("ProjectGoal", Table("project_goal", "هدفِ پروژه", "goal of a project", ("project", "goal"), (
        _pub("project", "text", "کد پروژه", "project code", required=True), _pub("goal", "text", "کد هدف", "goal code", required=True),
        _pub("weight_bp", "int", "وزن (ده‌هزارم)", "weight (basis points)", _BP, required=True),
    ))),
    Sheet("ProjectService", Table("project_service", "خدمتِ پروژه", "service of a project", ("project", "service"), (
        _pub("project", "text", "کد پروژه", "project code", required=True), _pub("service", "text", "کد خدمت", "service code", required=True),
        _pub("change", "text", "چه تغییری", "what is to change"),
    ))),
    Sheet("ProjectPartner", Table("project_partner", "همکارِ پروژه", "partner of a project", ("project", "unit", "institution"), (
        _pub("project", "text", "کد پروژه", "project code", required=True), _unit(),
        _pub("institution", "text", "کد نهاد", "institution code"), _pub("part", "text", "نقش", "part"),
    ))),
    Sheet("Asset", Table("asset", "دارایی", "asset", ("tag",), (
        _pub("tag", "text", "برچسب", "tag", required=True), _pub("name", "text", "نام", "name", required=True),
        _pub("kind", "text", "گونه", "kind", required=True), _pub("model", "text", "مدل", "model"),
        _own("serial", "text", "شمارهٔ سریال", "serial number", "of use to a thief"), _unit(), _own("place", "text", "محل", "place", "of use to a thief"),
        _pub("state", "text", "وضعیت", "state", required=True), _pub("bought_on", "date", "تاریخ خرید", "bought on"),
        _pub("registered_on", "date", "تاریخ ثبت", "registered on"), _pub("price", "money", "بها", "price"),
        _pub("quantity", "int", "تعداد", "quantity"), _pub("used", "int", "در استفاده", "in use"),
        _pub("contract_no", "text", "شمارهٔ قرارداد", "contract number"), _pub("document_no", "text", "شمارهٔ سند", "document number"),
        _pub("end_of_life", "date", "پایان عمر", "end of life"), _pub("warranty_until", "date", "ضمانت تا", "warranty until"),
        _pub("source", "text", "مأخذ", "source"),
    ))),
    Sheet("Contract", Table("contract_record", "پروندهٔ قرارداد", "contract file", ("contract_no",), (
        _pub("contract_no", "text", "شمارهٔ قرارداد", "contract number", required=True), _pub("title", "text", "موضوع", "subject", required=True), _unit(),
        _own("supplier_name", "text", "طرف قرارداد", "supplier", "may name a person"), _own("supplier_id", "text", "شناسهٔ طرف", "supplier id"),
        _own("supplier_is_person", "bool", "شخص حقیقی", "natural person"), _pub("method", "text", "روش معامله", "procurement method"),
        _pub("signed_on", "date", "تاریخ امضا", "signed on"), _pub("start", "date", "آغاز", "start"), _pub("end", "date", "پایان", "end"),
        _pub("amount", "money", "مبلغ امضاشده", "amount as signed"), _pub("current_amount", "money", "مبلغ کنونی", "amount now"),
        _pub("state", "text", "وضعیت", "state", required=True), _pub("closed_on", "date", "خاتمه در", "closed on"), _NOTE,
    ))),
    Sheet("AllocationRule", Table("allocation_rule", "قاعدهٔ تخصیص", "allocation rule", ("code", "number"), (
        _CODE, _pub("number", "int", "نسخه", "version", required=True), _pub("title", "text", "عنوان", "title", required=True),
        _pub("state", "text", "وضعیت", "state", required=True), _pub("order", "int", "ترتیب", "order"),
        _own("conditions", "text", "شرط‌ها", "conditions", "JSON; may name a supplier who is a person"),
        _pub("parts", "text", "سهم‌ها", "parts", "JSON"),
    ))),
)  # fmt: skip
"""Every noun, in an order in which each stands after those that it names."""

BY_NAME = {sheet.name: sheet for sheet in SHEETS}
BY_MODEL = {sheet.model: sheet for sheet in SHEETS}

KEPT_INSIDE = frozenset(
    {
        "Account",
        "AllocationPart",
        "AuditEvent",
        "ClassJudgement",
        "Grant",
        "Invitation",
        "Job",
        "Judgement",
        "Scenario",
        "ScenarioOpinion",
        "ScenarioFinding",
        "ScenarioPlan",
        "ScenarioProject",
        "Upload",
    }
)
"""Models that are in no file and no release as they are. Judgements leave as the ledger's allocation and class of each line, the adopted
roadmap as the tables of `records.roadmap_tables`; drafts and opinions stay inside."""
