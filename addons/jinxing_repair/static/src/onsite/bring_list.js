import { Component, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { formatNumber } from "./format";
import { _t } from "./i18n";

/** What to bring to the machine: each thing taken along, or left with a reason (S8.3). */
export class BringList extends Component {
    static template = "jinxing_repair.BringList";
    static props = { job: Object };

    setup() {
        this.act = useActing();
        this.store = useState(useEnv().store.state);
        this.formatNumber = formatNumber;
        this.tones = { ready: "jo-done", fetch: "jo-soon", missing: "jo-late" };
        this.reasons = [
            { code: "not_needed", name: _t("Not needed") },
            { code: "on_site", name: _t("Borrowed on site") },
        ];
    }

    say(line, values) {
        const { taken, left_reason } = line;
        return this.act(this.props.job, "bring", { line: line.id, ...values }, {
            base: { taken, left_reason }, label: line.name,
        });
    }

    take(line) {
        return this.say(line, { taken: !line.taken, left_reason: false });
    }

    leave(line, code) {
        const left_reason = line.left_reason === code ? false : code;
        return this.say(line, { taken: false, left_reason });
    }
}
