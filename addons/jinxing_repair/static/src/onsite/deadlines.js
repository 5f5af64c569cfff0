import { Component, useEnv, useState } from "@odoo/owl";
import { formatMoment, formatRest, urgency } from "./format";
import { _t } from "./i18n";

/** Deadlines of an order with their colour and the time that is left. */
export class Deadlines extends Component {
    static template = "jinxing_repair.Deadlines";
    static props = { job: Object };

    setup() {
        this.store = useState(useEnv().store.state);
    }

    get shown() {
        const names = {
            offer: _t("Accept by"), contact: _t("Call by"), arrival: _t("Arrive by"),
            promise: _t("Promised for"), preliminary: _t("Assess by"),
        };
        const now = this.store.now;
        return this.props.job.deadlines
            .filter((deadline) => !deadline.done || urgency(deadline, now) === "late")
            .map((deadline) => {
                const level = urgency(deadline, now);
                let rest = "";
                if (!deadline.done) {
                    rest = level === "late"
                        ? _t("%(time)s late", { time: formatRest(deadline.until, now) })
                        : _t("%(time)s left", { time: formatRest(deadline.until, now) });
                }
                return {
                    kind: deadline.kind, level, rest, name: names[deadline.kind],
                    until: formatMoment(deadline.until, now),
                };
            });
    }
}
