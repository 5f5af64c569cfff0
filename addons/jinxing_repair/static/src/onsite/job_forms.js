import { Component, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { DraftForm } from "./draft_form";
import { formatMoney, toInput } from "./format";
import { _t } from "./i18n";
import { SignaturePad } from "./signature_pad";
import { operationName } from "./steps";

/** Asks for a reason: decline, price refused, go on with the repair, ask the supervisor. */
export class ReasonForm extends DraftForm {
    static template = "jinxing_repair.ReasonForm";
    static props = {
        job: Object, operation: String, hint: { type: String, optional: true }, close: Function,
    };

    get key() {
        return `${this.props.job.id}-${this.props.operation}`;
    }

    get title() {
        return operationName(this.props.operation);
    }

    startValues() {
        return { reason: "" };
    }

    async save() {
        const reason = this.form.reason.trim();
        const { job, operation } = this.props;
        await this.saved(await this.act(job, operation, { reason }, { label: reason }));
    }
}

/** Names the machine by the plate when the registration does not know it. */
export class MachineForm extends DraftForm {
    static template = "jinxing_repair.MachineForm";
    static props = { job: Object };

    get key() {
        return `${this.props.job.id}-machine`;
    }

    startValues() {
        return { serial: "" };
    }

    async save() {
        const serial = this.form.serial.trim();
        await this.saved(await this.act(this.props.job, "machine", { serial }, { label: serial }));
    }
}

/** What was explained to the customer, and what he must take care of (N9). */
export class NoteForm extends DraftForm {
    static template = "jinxing_repair.NoteForm";
    static props = { job: Object };

    get key() {
        return `${this.props.job.id}-note`;
    }

    startValues({ job }) {
        return { explanation: job.explanation, precautions: job.precautions };
    }

    get editing() {
        return true;
    }

    get labels() {
        return { explanation: _t("Cause as explained"), precautions: _t("Precautions") };
    }

    get dirty() {
        return Object.keys(this.changed().values).length > 0;
    }

    async save() {
        const { values, base } = this.changed();
        const label = Object.values(values).join(" · ");
        await this.saved(
            await this.act(this.props.job, "note", values, { base, label }), values,
        );
    }
}

/** Checklist before leaving, and the trial run (N9). */
export class ClosingBox extends Component {
    static template = "jinxing_repair.ClosingBox";
    static props = { job: Object, checks: Array, tick: Function };

    setup() {
        this.act = useActing();
        this.store = useState(useEnv().store.state);
    }

    trial() {
        const done = this.props.job.trial_run_ok;
        return this.act(
            this.props.job, "note", { trial_run_ok: !done }, { base: { trial_run_ok: done } },
        );
    }
}

/** Ends a visit without a fix: explanation, next step, promised time (N5). */
export class LeaveForm extends DraftForm {
    static template = "jinxing_repair.LeaveForm";
    static props = { job: Object, close: Function };

    get key() {
        return `${this.props.job.id}-leave`;
    }

    startValues() {
        return {
            outcome: "not_fixed", explanation: "", next_step: "", promise_at: "", distance_km: "",
        };
    }

    get earliest() {
        return toInput(this.service.serverTime());
    }

    get ready() {
        const { outcome, explanation, next_step, promise_at } = this.form;
        const explained = outcome === "no_access" || explanation.trim();
        return explained && next_step.trim() && promise_at;
    }

    async save() {
        const { promise_at, distance_km, ...values } = this.form;
        values.promise_at = promise_at ? new Date(promise_at).toISOString().slice(0, 19) + "Z" : null;
        values.distance_km = distance_km === "" ? null : distance_km;
        const label = values.next_step;
        await this.saved(await this.act(this.props.job, "leave", values, { label }));
    }
}

/** Takes the machine along against a receipt (S8.6). */
export class TakeBackForm extends DraftForm {
    static template = "jinxing_repair.TakeBackForm";
    static components = { SignaturePad };
    static props = { job: Object, close: Function };

    get key() {
        return `${this.props.job.id}-take_back`;
    }

    get button() {
        return _t("I hand the machine over");
    }

    startValues() {
        return { condition: "", accessories: "" };
    }

    async save({ name, signature }) {
        const values = { ...this.form, handed_over_by: name, signature };
        await this.saved(await this.act(this.props.job, "take_back", values, { label: name }));
    }
}

/** Gives the repaired machine back against the receipt and a signature (S8.6). */
export class DeliverForm extends DraftForm {
    static template = "jinxing_repair.DeliverForm";
    static components = { SignaturePad };
    static props = { job: Object };

    get key() {
        return `${this.props.job.id}-deliver_back`;
    }

    get button() {
        return _t("I have the machine back");
    }

    startValues() {
        return { reclaimed: false, lost_id_number: "" };
    }

    async save(signed) {
        const values = { ...this.form, ...signed };
        const label = signed.name;
        await this.saved(await this.act(this.props.job, "deliver_back", values, { label }));
    }
}

/** Records money taken on the spot, where the amount allows it (S8.4). */
export class CollectForm extends DraftForm {
    static template = "jinxing_repair.CollectForm";
    static props = { job: Object };

    setup() {
        super.setup();
        this.formatMoney = formatMoney;
    }

    get key() {
        return `${this.props.job.id}-collect`;
    }

    get methods() {
        return [["cash", _t("Cash")], ["wechat", _t("WeChat")], ["alipay", _t("Alipay")]];
    }

    startValues() {
        return { method: "cash", reference: "" };
    }

    async save() {
        const { method, reference } = this.form;
        const amount = this.props.job.due;
        const values = { method, amount, reference: method === "cash" ? "" : reference };
        const label = formatMoney(amount, this.props.job.quote.symbol);
        await this.saved(await this.act(this.props.job, "collect", values, { label }));
    }
}
