import { Component, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { DraftForm } from "./draft_form";
import { grouped } from "./fault_card";
import { formatDay, formatMoment, formatNumber, toInput } from "./format";
import { _t } from "./i18n";
import { isContacted } from "./steps";

const SAID = ["category_id", "component_id", "severity", "way", "hours", "advice"];

/** How bad it is, and how it is served, in the reader's words. */
export function words() {
    return {
        severity: {
            still: _t("Machine stands still"), limited: _t("Works with limits"),
            can_wait: _t("Can wait"),
        },
        way: {
            phone: _t("Advice by phone"), visit: _t("Visit"), workshop: _t("Take to the workshop"),
        },
    };
}

function base(job) {
    return { preliminary_id: job.preliminary.id || false };
}

/**
 * Changes what is proposed, or assesses anew; the call may be noted with it (S8.2).
 *
 * An assessment takes the place of the one before as a whole: `seen` is the one he had before
 * him when he began, kept with the draft, so that another one made meanwhile is shown.
 */
export class PreliminaryForm extends DraftForm {
    static template = "jinxing_repair.PreliminaryForm";
    static props = { job: Object, close: Function };

    setup() {
        super.setup();
        const draft = this.service.draft(this.key);
        this.seen = draft && (draft.seen || { preliminary_id: false });
        Object.assign(this, { formatNumber, isContacted, choices: words() });
    }

    get key() {
        return `${this.props.job.id}-preliminary`;
    }

    startValues({ job }) {
        const shown = job.preliminary;
        const values = { contacted: true, visit_at: "", note: shown.note, solved: false };
        for (const name of SAID) {
            values[name] = shown[name] || "";
        }
        values.parts = shown.parts.map((part) => ({ ...part }));
        return values;
    }

    get components() {
        return grouped(this.store.catalog.components);
    }

    get offered() {
        const { model_id } = this.props.job;
        const chosen = new Set(this.form.parts.map((part) => part.product));
        const seen = new Map();
        for (const part of this.store.catalog.stock) {
            if (part.models.includes(model_id) && !chosen.has(part.id)) {
                seen.set(part.id, part);
            }
        }
        return [...seen.values()];
    }

    get earliest() {
        return toInput(this.service.serverTime());
    }

    get talks() {
        return this.form.contacted || isContacted(this.props.job);
    }

    get ready() {
        return this.form.category_id && this.form.severity && this.form.way
            && (!this.form.solved || this.form.advice.trim());
    }

    set(name, value) {
        this.seen ||= base(this.props.job);
        super.set(name, value);
    }

    keep() {
        const { values, base } = this.typing.changed();
        if (Object.keys(values).length) {
            return this.service.keepDraft(this.key, { values, base, old: {}, seen: this.seen });
        }
        this.seen = undefined;
        return this.service.dropDraft(this.key);
    }

    choose(name, value) {
        this.set(name, value);
        if (name === "way" && value !== "phone") {
            this.set("solved", false);
        }
    }

    toggle(name) {
        this.set(name, !this.form[name]);
    }

    addPart(ev) {
        const part = this.offered.find((item) => item.id === Number(ev.target.value));
        ev.target.value = "";
        if (part) {
            const { id: product, name, code } = part;
            this.set("parts", [...this.form.parts, { product, name, code, quantity: 1 }]);
        }
    }

    count(part, step) {
        const parts = this.form.parts.map((item) => item.product === part.product
            ? { ...item, quantity: Number(item.quantity) + step } : item);
        this.set("parts", parts.filter((item) => item.quantity > 0));
    }

    async save() {
        const { job } = this.props;
        const { form } = this;
        const values = {
            category_id: Number(form.category_id), component_id: Number(form.component_id) || false,
            severity: form.severity, way: form.way, hours: Number(form.hours) || 0,
            advice: form.advice, note: form.note, solved: Boolean(form.solved && this.talks),
            parts: form.parts.map((part) => [part.product, part.quantity]),
            visit_at: form.visit_at
                ? new Date(form.visit_at).toISOString().slice(0, 19) + "Z" : false,
        };
        if (!isContacted(job) && form.contacted) {
            values.contacted = true;
        }
        const { catalog } = this.store;
        const name = (records, id) => records.find((item) => item.id === id)?.name || "";
        const info = {
            category: name(catalog.categories, values.category_id),
            component: name(catalog.components, values.component_id),
            parts: form.parts.map((part) => ({ ...part })),
        };
        const label = [info.category, info.component].filter(Boolean).join(" · ");
        await this.saved(
            await this.act(job, "assess", values, {
                base: this.seen || base(job), info, label,
            })
        );
    }
}

/** What is probably wrong: proposed by the system until a person confirms or changes it. */
export class PreliminaryBox extends Component {
    static template = "jinxing_repair.PreliminaryBox";
    static components = { PreliminaryForm };
    static props = { job: Object };

    setup() {
        this.act = useActing();
        this.service = useEnv().store;
        this.store = useState(this.service.state);
        const begun = this.service.draft(`${this.props.job.id}-preliminary`);
        this.ui = useState({ form: Boolean(begun), why: false });
        Object.assign(this, { formatDay, formatMoment, formatNumber, isContacted, words: words() });
    }

    get shown() {
        return this.props.job.preliminary;
    }

    /** Confirm what is shown; the call has its own button above. */
    async confirm() {
        const { shown } = this;
        const values = { parts: shown.parts.map((part) => [part.product, part.quantity]) };
        for (const name of SAID) {
            values[name] = shown[name] || (name === "hours" ? 0 : name === "advice" ? "" : false);
        }
        const label = [shown.category, shown.component].filter(Boolean).join(" · ");
        await this.act(this.props.job, "assess", values, { base: base(this.props.job), label });
    }
}
