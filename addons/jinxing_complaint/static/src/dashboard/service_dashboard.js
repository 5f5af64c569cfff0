import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "jinxing.service.dashboard";

/** A list of what weighs most: bar, number, share so far. */
export class ShareList extends Component {
    static template = "jinxing_complaint.ShareList";
    static props = { list: Object, format: Function, open: Function };
}

/** Satisfaction of technicians, stations or models, the lowest first. */
export class ScoreList extends Component {
    static template = "jinxing_complaint.ScoreList";
    static props = { lines: Array, format: Function, open: { type: Function, optional: true } };
}

/**
 * The manager's screen (M26): all figures come in one call, and each box opens the graph and
 * pivot it was counted from.
 */
export class ServiceDashboard extends Component {
    static template = "jinxing_complaint.ServiceDashboard";
    static components = { Layout, ShareList, ScoreList };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.periods = [
            ["month", _t("This month")],
            ["last_month", _t("Last month")],
            ["quarter", _t("This quarter")],
            ["year", _t("This year")],
            ["twelve_months", _t("Twelve months")],
        ];
        this.rates = [
            ["contact_in_time", _t("Called in 10 minutes")],
            ["arrival_in_time", _t("There in 24 hours")],
            ["first_time_fix", _t("Fixed at the first visit")],
            ["rework", _t("Rework in 30 days")],
        ];
        const left = this.props.state?.asked;
        this.state = useState({ data: null, asked: left || { period: "month" }, late: 0 });
        useSetupAction({ getLocalState: () => ({ asked: { ...this.state.asked } }) });
        onWillStart(() => this.load());
    }

    get arguments() {
        const { period, first, last } = this.state.asked;
        return [period, first || false, last || false];
    }

    async load() {
        const turn = ++this.state.late;
        const data = await this.orm.call(MODEL, "get_figures", this.arguments);
        if (turn === this.state.late) {
            this.state.data = data;
        }
    }

    choose(period) {
        this.state.asked = { period };
        return this.load();
    }

    /** Take a day of the calendar; the other one stays as shown. */
    chooseDay(which, ev) {
        if (!ev.target.value) {
            return;
        }
        const { first, last } = this.state.data;
        const days = { first, last, [which]: ev.target.value };
        if (days.first > days.last) {
            days[which === "first" ? "last" : "first"] = ev.target.value;
        }
        this.state.asked = { period: "custom", ...days };
        return this.load();
    }

    async open(box, key = null) {
        const action = await this.orm.call(MODEL, "action_open", [box, ...this.arguments, key]);
        return this.action.doAction(action);
    }

    opener(box) {
        return (key) => this.open(box, key);
    }

    report() {
        return this.action.doAction("jinxing_complaint.jinxing_monthly_report_action");
    }

    percent(value) {
        return this.known(value) ? `${formatFloat(value, { digits: [16, 1] })} %` : "–";
    }

    number(value, digits = 1) {
        return this.known(value) ? formatFloat(value, { digits: [16, digits] }) : "–";
    }

    count(value) {
        return formatFloat(value, { digits: [16, 0] });
    }

    money(value) {
        return formatMonetary(value, { currencyId: this.state.data.currency_id, digits: [16, 0] });
    }

    known(value) {
        return value !== null && value !== undefined && value !== false;
    }

    /** How dark a cell of the cost table is, by its part of the largest one. */
    shade(value) {
        const cells = this.state.data.cost.lines.flatMap((line) => line.cells);
        const most = Math.max(...cells, 1);
        return `background-color: rgba(217, 83, 79, ${(0.55 * value) / most})`;
    }

    band([begin, end]) {
        return end ? `${begin}–${end}` : `≥ ${begin}`;
    }
}

registry.category("actions").add("jinxing_complaint.service_dashboard", ServiceDashboard);
