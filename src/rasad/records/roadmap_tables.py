"""The adopted roadmap as a release has it: tables that are made from the scenario in force and its plan (see `actions.roadmap_release`).

Every column is public; drafts, opinions and locks are in none. A limit, a part or a benefit of no roadmap does not exist: where none is
adopted the tables are empty.
"""

from __future__ import annotations

from rasad.ledger.schema import Column, Table, Type


def _c(name: str, type_: Type, fa: str, en: str, description: str = "", *, required: bool = False) -> Column:
    return Column(name, type_, fa, en, public=True, required=required, description=description)


_OF = _c("roadmap", "text", "کد نقشه راه", "roadmap", required=True)
_PERIOD = _c("period", "int", "دوره", "period", "from 0", required=True)
_TITLES = (_c("title", "text", "عنوان", "title", required=True), _c("title_en", "text", "عنوان انگلیسی", "title in English"))  # fmt: skip
_COUNTED = "as roadmap_time counts"
_NO_DAYS = "empty where the roadmap counts in steps, which are no part of a year"
_UNITS = "in ten-thousandths of the goal's unit: benefit × probability of success"

ROADMAP_TABLES: tuple[Table, ...] = (
    Table("roadmap", "نقشه راه", "roadmap", ("code",), (
        _c("code", "text", "کد", "code", required=True), *_TITLES,
        _c("adopted_on", "date", "تاریخ تصویب", "adopted on", required=True),
        _c("resolution", "text", "شمارهٔ مصوبه", "resolution number"),
        _c("reference", "text", "مرجع تصویب", "what decided it"),
        _c("currency", "text", "ارز", "currency", required=True),
        _c("period_kind", "text", "گونهٔ دوره", "kind of period", "year, half, quarter, month or step", required=True),
        _c("periods", "int", "شمار دوره‌ها", "number of periods", required=True),
        _c("status", "text", "وضعیت اثبات", "status of the proof", required=True),
        _c("proof", "text", "اثبات", "proof", "what the status means"),
        _c("proof_en", "text", "اثبات به انگلیسی", "proof in English"),
        _c("objective", "text", "ارزش برنامه", "value of the plan", "a whole number of any size"),
        _c("bound", "text", "کران", "bound", "what no plan can pass"),
        _c("gap", "real", "فاصله", "gap", "|bound − value| ÷ |value|"),
        _c("cost", "money", "هزینهٔ همه", "cost of all", required=True),
        _c("based_on", "text", "بر پایهٔ", "based on", "the roadmap that it follows"),
    )),
    Table("roadmap_period", "دورهٔ نقشه راه", "period of the roadmap", ("roadmap", "period"), (
        _OF, _PERIOD, _c("code", "text", "کد", "code", required=True), *_TITLES,
    )),
    Table("roadmap_initiative", "طرح نقشه راه", "initiative of the roadmap", ("roadmap", "code"), (
        _OF, _c("code", "text", "کد", "code", required=True), *_TITLES,
        _c("unit", "text", "کد واحد", "unit code"), _c("unit_title", "text", "واحد", "unit"), _c("unit_title_en", "text", "واحد به انگلیسی", "unit in English"),
        _c("goal", "text", "کد هدف", "goal code", "the goal that most of its spending serves"),
        _c("chosen", "bool", "در برنامه", "in the plan", required=True),
        _c("mode", "text", "شیوه", "way of doing it"), _c("mode_en", "text", "شیوه به انگلیسی", "way of doing it, in English"),
        _c("start", "int", "آغاز", "start", "period, from 0; negative: before the first"),
        _c("finish", "int", "پایان کار", "last period of the work"),
        _c("serves_from", "int", "بهره‌برداری از", "in use from", "period, from 0"),
        _c("cost", "money", "هزینه", "cost", "within the horizon"),
        _c("running", "bool", "در دست اجرا", "running already", required=True),
        _c("reason", "text", "دلیل", "reason", required=True),
        _c("why", "text", "چرا", "why", required=True), _c("why_en", "text", "چرا، به انگلیسی", "why, in English", required=True),
        _c("project", "text", "کد پروژه", "project code", "what it became"),
    )),
    Table("roadmap_spending", "هزینهٔ نقشه راه", "spending of the roadmap", ("roadmap", "period", "category"), (
        _OF, _PERIOD, _c("category", "text", "کد طبقه", "category", required=True), *_TITLES,
        _c("amount", "money", "مبلغ", "amount", required=True),
    )),
    Table("roadmap_limit", "حد نقشه راه", "limit of the roadmap", ("roadmap", "kind", "code", "period", "least"), (
        _OF, _c("kind", "text", "گونه", "kind", "budget, share (of spending) or skill", required=True),
        _c("code", "text", "کد", "code", required=True), *_TITLES, _PERIOD,
        _c("until", "int", "تا دورهٔ", "until", "the last period that counts, where a limit holds all of them together; else the period itself"),
        _c("categories", "text", "طبقه‌ها", "categories", "codes of the categories whose spending counts, with a space between; empty: all, and of a skill"),
        _c("share_bp", "int", "سهم (ده‌هزارم)", "share (basis points)", "of a share: how much of all spending at most, or at least; a hardware cap of 40 % is 4,000"),
        _c("available", "money", "حد", "limit", "money; of a skill, its own unit", required=True),
        _c("used", "money", "برنامه", "taken by the plan", required=True),
        _c("own", "money", "سهم همین دوره", "of the period itself", "without what was left over", required=True),
        _c("least", "bool", "حداقل", "least", "the plan takes at least so much", required=True),
    )),
    Table("roadmap_part", "سهم نقشه راه", "part of the roadmap", ("roadmap", "by", "code"), (
        _OF, _c("by", "text", "به تفکیک", "by", "goal, unit or district", required=True),
        _c("code", "text", "کد", "code", "empty: none"), _c("title", "text", "عنوان", "title"), _c("title_en", "text", "عنوان انگلیسی", "title in English"),
        _c("amount", "money", "مبلغ", "amount", required=True),
    )),
    Table("roadmap_benefit", "دستاورد نقشه راه", "benefit of the roadmap", ("roadmap", "goal", "period"), (
        _OF, _c("goal", "text", "کد هدف", "goal", required=True), *_TITLES, _PERIOD,
        _c("expected", "int", "انتظار", "expected", _UNITS, required=True),
    )),
    Table("roadmap_version", "تصمیم نقشه راه", "decision on the roadmap", ("roadmap", "number"), (
        _OF, _c("number", "int", "شماره", "number", "1: the first that was adopted", required=True),
        _c("code", "text", "کد", "code", required=True), *_TITLES,
        _c("adopted_on", "date", "تاریخ تصویب", "adopted on", required=True),
        _c("resolution", "text", "شمارهٔ مصوبه", "resolution number"), _c("resolution_title", "text", "عنوان مصوبه", "title of the resolution"),
        _c("commission", "text", "کمیسیون", "commission", "whose meeting it was"), _c("reference", "text", "مرجع تصویب", "what decided it"),
        _c("first_period", "int", "از دورهٔ", "first period", _COUNTED), _c("last_period", "int", "تا دورهٔ", "last period", _COUNTED),
        _c("initiatives", "int", "شمار طرح‌ها", "initiatives in the plan", required=True), _c("cost", "money", "هزینهٔ همه", "cost of all", required=True),
    )),
    Table("roadmap_change", "تغییر نقشه راه", "change of the roadmap", ("roadmap", "number", "code"), (
        _OF, _c("number", "int", "شماره", "number", "of the decision that changed it", required=True),
        _c("code", "text", "کد", "code", required=True), *_TITLES,
        _c("change", "text", "تغییر", "change", "added, dropped, changed, or past: its work lies before the new plan's first period", required=True),
        _c("start_before", "text", "آغاز، پیش از آن", "start before"), _c("start_before_en", "text", "آغاز، پیش از آن، به انگلیسی", "start before, in English"),
        _c("start_after", "text", "آغاز، پس از آن", "start after"), _c("start_after_en", "text", "آغاز، پس از آن، به انگلیسی", "start after, in English"),
        _c("from_before", "int", "دورهٔ آغاز، پیش از آن", "period of the start before", _COUNTED), _c("to_before", "int", "دورهٔ پایان، پیش از آن", "period of the end before", _COUNTED),
        _c("from_after", "int", "دورهٔ آغاز، پس از آن", "period of the start after", _COUNTED), _c("to_after", "int", "دورهٔ پایان، پس از آن", "period of the end after", _COUNTED),
        _c("moved", "int", "جابه‌جایی آغاز", "periods that the start moved", "positive: later"), _c("end_moved", "int", "جابه‌جایی پایان", "periods that the end moved", "positive: later"),
        _c("mode_before", "text", "شیوه، پیش از آن", "way of doing it before"), _c("mode_before_en", "text", "شیوه، پیش از آن، به انگلیسی", "way of doing it before, in English"),
        _c("mode_after", "text", "شیوه، پس از آن", "way of doing it after"), _c("mode_after_en", "text", "شیوه، پس از آن، به انگلیسی", "way of doing it after, in English"),
        _c("cost_before", "money", "هزینه، پیش از آن", "cost before"), _c("cost_after", "money", "هزینه، پس از آن", "cost after"),
    )),
    Table("roadmap_time", "زمان نقشه راه", "time of the roadmap", ("roadmap", "period"), (
        _OF, _c("period", "int", "دوره", "period", "from 0; negative: of an earlier decision", required=True), *_TITLES,
        _c("first_day", "date", "نخستین روز", "first day", _NO_DAYS), _c("last_day", "date", "واپسین روز", "last day", _NO_DAYS),
    )),
    Table("roadmap_actual", "آنچه شد", "what became of it", ("roadmap", "code"), (
        _OF, _c("code", "text", "کد", "code", required=True), *_TITLES,
        _c("project", "text", "کد پروژه", "project code"),
        _c("state", "text", "وضعیت", "state", "waiting, going, done or stopped", required=True),
        _c("planned_in", "int", "تصمیم نخست", "first decided in", "number of the decision", required=True),
        _c("planned_from", "int", "آغاز برنامه (دوره)", "planned to start in", _COUNTED), _c("planned_to", "int", "پایان برنامه (دوره)", "planned to be done in", _COUNTED),
        _c("planned_start", "date", "آغاز برنامه از", "planned to start from", _NO_DAYS), _c("planned_start_by", "date", "آغاز برنامه تا", "planned to start by", _NO_DAYS),
        _c("planned_end", "date", "پایان برنامه تا", "planned to be done by", _NO_DAYS),
        _c("planned_cost", "money", "هزینهٔ کار در برنامه", "planned cost of the work", "without running it", required=True),
        _c("current_from", "int", "آغاز در برنامهٔ جاری (دوره)", "start in the plan in force (period)", "empty: it is no longer in it"), _c("current_to", "int", "پایان در برنامهٔ جاری (دوره)", "end in the plan in force (period)"),
        _c("start_moved", "int", "جابه‌جایی آغاز (دوره)", "start moved (periods)", "from the first decision to the plan in force, in its periods; positive: later"), _c("end_moved", "int", "جابه‌جایی پایان (دوره)", "end moved (periods)", "as the start"),
        _c("current_start", "date", "آغاز در برنامهٔ جاری", "start in the plan in force"), _c("current_end", "date", "پایان در برنامهٔ جاری", "end in the plan in force"),
        _c("real_start", "date", "آغاز واقعی", "really started"), _c("real_start_from", "text", "مأخذ آغاز", "source of the start", "project, payment or progress"),
        _c("real_end", "date", "پایان واقعی", "really done"), _c("expected_end", "date", "پایان بنا بر خط مبنای جاری", "to be done, by the baseline in force"),
        _c("progress_bp", "int", "پیشرفت (ده‌هزارم)", "progress (basis points)"), _c("progress_on", "date", "تاریخ گزارش پیشرفت", "reported on"),
        _c("rebaselines", "int", "شمار بازنگری خط مبنا", "re-baselines", required=True),
        _c("paid", "money", "پرداخت‌شده", "paid", "as the ledger's lines are allocated", required=True),
        _c("remaining", "money", "مانده", "left to be paid", "see the handbook for how it is found"), _c("remaining_from", "text", "مأخذ مانده", "source of what is left", "budget, progress or done"),
        _c("start_late", "int", "دیرکرد آغاز (روز)", "days late to start"), _c("end_late", "int", "دیرکرد پایان (روز)", "days late to be done"),
        _c("over", "money", "فزونی بر برنامه", "over the planned cost", "paid and left to be paid less planned"),
        _c("as_of", "date", "تا تاریخ", "as of", "the newest day that reports, payments and decisions know", required=True),
    )),
    Table("roadmap_paid", "پرداخت نقشه راه", "payment of the roadmap", ("roadmap", "code", "fiscal_year", "class"), (
        _OF, _c("code", "text", "کد", "code", required=True), _c("fiscal_year", "int", "سال مالی", "fiscal year", required=True),
        _c("class", "text", "طبقه", "class", required=True), _c("amount", "money", "مبلغ", "amount", required=True),
    )),
    Table("roadmap_alternative", "برنامهٔ جایگزین", "alternative plan", ("roadmap", "number"), (
        _OF, _c("number", "int", "شماره", "number", "from 1, those first that fit most weights", required=True),
        _c("adopted", "bool", "مصوب", "adopted", "it is the plan that was adopted", required=True),
        _c("initiatives", "int", "شمار طرح‌ها", "initiatives in the plan", required=True), _c("cost", "money", "هزینهٔ همه", "cost of all", required=True),
        _c("status", "text", "وضعیت اثبات", "status of the proof", "that no plan is better for the weights it was found for; empty of the adopted one where it is the best for none"),
        _c("gap", "real", "فاصله", "gap", "by how much a plan might be better for those weights"),
        _c("fits", "int", "بهترین برای", "fits best", "for how many of the weights that were tried", required=True),
        _c("keeps", "bool", "حدها رعایت شده", "keeps every limit", "by the independent check when the release was built", required=True),
    )),
    Table("roadmap_alternative_goal", "هدف برنامهٔ جایگزین", "goal of an alternative plan", ("roadmap", "number", "goal"), (
        _OF, _c("number", "int", "شماره", "number", required=True), _c("goal", "text", "کد هدف", "goal", required=True), *_TITLES,
        _c("expected", "int", "انتظار", "expected", _UNITS, required=True),
        _c("met", "int", "برآورده (ده‌هزارم)", "met (basis points)", "0: the least that any of these plans brings the goal; 10,000: the most", required=True),
        _c("weight", "int", "وزن (ده‌هزارم)", "weight (basis points)", "for which it was found", required=True),
    )),
    Table("roadmap_alternative_initiative", "طرح برنامهٔ جایگزین", "initiative of an alternative plan", ("roadmap", "number", "code"), (
        _OF, _c("number", "int", "شماره", "number", required=True), _c("code", "text", "کد", "code", required=True),
        _c("mode", "text", "شیوه", "way of doing it"), _c("mode_en", "text", "شیوه به انگلیسی", "way of doing it, in English"),
        _c("start", "int", "آغاز", "start", required=True), _c("serves_from", "int", "بهره‌برداری از", "in use from", required=True),
        _c("cost", "money", "هزینه", "cost", required=True),
    )),
)  # fmt: skip
"""In the order in which a reader comes to them."""
