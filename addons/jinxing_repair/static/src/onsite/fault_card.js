import { Component, markup, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { DraftForm } from "./draft_form";
import { formatDay, formatMoney, formatNumber } from "./format";
import { _t } from "./i18n";
import { LabourForm, LabourLine, PartForm, PartPicker } from "./part_forms";
import { shrink } from "./photos";
import { atMachine, awaitsAcceptance, diagnosing } from "./steps";

const DIAGNOSIS = ["component_id", "category_id", "exclusion", "exclusion_evidence"];
const RESULT = ["symptom", "cause", "quality_after", "result"];

/** Give chosen records as the numbers they are; inputs give text. */
function withNumbers(values) {
    for (const name of ["component_id", "category_id"]) {
        if (name in values) {
            values[name] = Number(values[name]) || false;
        }
    }
    return values;
}

/** Group records for a picker by the text in `group`. */
export function grouped(records) {
    const groups = new Map();
    for (const record of records) {
        groups.set(record.group, [...(groups.get(record.group) || []), record]);
    }
    return [...groups.entries()];
}

/** Adds or edits a fault: component, symptom, cause, ground of exclusion, quality, result. */
export class FaultForm extends DraftForm {
    static template = "jinxing_repair.FaultForm";
    static props = { job: Object, fault: { type: Object, optional: true }, close: Function };

    get key() {
        return `${this.props.job.id}-fault-${this.props.fault?.id || "new"}`;
    }

    startValues({ job, fault }) {
        const values = {};
        for (const name of [...DIAGNOSIS, ...RESULT]) {
            values[name] = fault?.[name] || "";
        }
        const { faults, preliminary } = job;
        if (!fault && !faults.length && preliminary?.done) {
            // what was assessed before the visit; what he finds may be another
            values.component_id = preliminary.component_id || "";
            values.category_id = preliminary.category_id || "";
        }
        return values;
    }

    get editing() {
        return Boolean(this.props.fault);
    }

    get labels() {
        return {
            component_id: _t("Component"), category_id: _t("Category"),
            exclusion: _t("Ground of exclusion"), exclusion_evidence: _t("Evidence (needed)"),
            symptom: _t("Symptom"), cause: _t("Cause"), result: _t("What was done"),
            quality_after: _t("Quality after repair"),
        };
    }

    words(name, value) {
        const { components, categories } = this.store.catalog;
        const named = (records) => records.find((item) => item.id === Number(value))?.name;
        const chosen = (choices) => choices.find(([key]) => key === value)?.[1];
        const text = {
            component_id: () => named(components),
            category_id: () => named(categories),
            exclusion: () => value && chosen(this.exclusions),
            quality_after: () => chosen(this.qualities),
        }[name];
        return super.words(name, text ? text() : value);
    }

    get components() {
        return grouped(this.store.catalog.components);
    }

    get exclusions() {
        return [
            ["", _t("None")],
            ["G5.1", _t("G5.1 Improper use, upkeep or storage")],
            ["G5.2", _t("G5.2 Dismantled by others")],
            ["G5.5", _t("G5.5 Force majeure")],
        ];
    }

    get qualities() {
        return [
            ["good", _t("Good")],
            ["usable", _t("Usable with restriction")],
            ["not_ok", _t("Not in order")],
        ];
    }

    get diagnosing() {
        return diagnosing(this.props.job);
    }

    /** What was done, and how good it is, comes after the price is accepted (S8.4). */
    get early() {
        return awaitsAcceptance(this.props.job, this.props.fault);
    }

    get ready() {
        return this.form.component_id
            && (!this.form.exclusion || this.form.exclusion_evidence.trim());
    }

    choose(name, value) {
        this.set(name, this.form[name] === value ? "" : value);
    }

    async save() {
        const { values, base } = this.editing
            ? this.changed()
            // a new fault: what was assessed before the visit counts though nobody touched it
            : { values: Object.fromEntries(Object.entries(this.form).filter((item) => item[1])) };
        withNumbers(values);
        withNumbers(base || {});
        const component = this.store.catalog.components.find(
            (item) => item.id === Number(this.form.component_id)
        );
        const info = { component: component?.name || this.props.fault?.component || "" };
        const label = [info.component, values.symptom || values.cause || ""].join(" ").trim();
        const { job, fault } = this.props;
        if (fault && !Object.keys(values).length) {
            await this.saved(true);
            return;
        }
        const done = fault
            ? await this.act(job, "fault_write", { ...values, fault: fault.id }, {
                base, info, label,
            })
            : await this.act(job, "fault_add", values, { info, label });
        await this.saved(done);
    }

    async remove() {
        const { job, fault } = this.props;
        const label = fault.component;
        const base = withNumbers({ ...this.typing.shown, ...this.typing.base });
        if (await this.act(job, "fault_remove", { fault: fault.id }, { base, label })) {
            this.cancel();
        }
    }

    get removable() {
        const { job, fault } = this.props;
        return fault && this.diagnosing
            && !job.parts.some((part) => part.fault === fault.id)
            && !job.labour.some((line) => line.fault === fault.id);
    }
}

/** One fault: what it is, free or not and why, photos, parts and labour. */
export class FaultCard extends Component {
    static template = "jinxing_repair.FaultCard";
    static components = { FaultForm, LabourForm, LabourLine, PartForm, PartPicker };
    static props = { job: Object, fault: Object };

    setup() {
        this.act = useActing();
        this.service = useEnv().store;
        this.store = useState(this.service.state);
        const begun = this.service.draft(`${this.props.job.id}-fault-${this.props.fault.id}`);
        this.ui = useState({ panel: begun ? "edit" : "", part: null, why: false, reading: false });
        Object.assign(this, { atMachine, diagnosing, formatDay, formatMoney, formatNumber });
    }

    get why() {
        // The server writes the explanation: sentences of ours with escaped values.
        return markup(this.props.fault.why);
    }

    get parts() {
        return this.props.job.parts.filter((part) => part.fault === this.props.fault.id);
    }

    get labour() {
        return this.props.job.labour.filter((line) => line.fault === this.props.fault.id);
    }

    get quality() {
        return {
            good: _t("Good"), usable: _t("Usable with restriction"), not_ok: _t("Not in order"),
        }[this.props.fault.quality_after];
    }

    assemblyTag(part) {
        const state = part.assembly.state;
        return { to_ask: "jo-late", refused: "jo-late", waiting: "jo-soon" }[state] || "jo-done";
    }

    photo(photo) {
        return photo.data || `/my/dispatch/${this.props.job.id}/photo/${photo.id}?width=320`;
    }

    toggle(panel) {
        this.ui.panel = this.ui.panel === panel ? "" : panel;
    }

    close() {
        this.ui.panel = "";
        this.ui.part = null;
    }

    async takePhotos(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        this.ui.reading = true;
        try {
            for (const file of files) {
                const data = await shrink(file);
                await this.act(
                    this.props.job, "photo_add", { fault: this.props.fault.id, data },
                    { label: this.props.fault.component },
                );
            }
        } catch {
            this.store.problem = _t("The picture cannot be read.");
        } finally {
            this.ui.reading = false;
        }
    }
}
