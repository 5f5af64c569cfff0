import { useState } from "@odoo/owl";
import { DraftForm } from "./draft_form";
import { _t } from "./i18n";
import { shrink } from "./photos";

/** Asks the supervisor for an assembly: why repair will not do (G3.2). */
export class AssemblyForm extends DraftForm {
    static template = "jinxing_repair.AssemblyForm";
    static props = { job: Object, part: Object, close: Function };

    setup() {
        super.setup();
        this.photo = useState({ data: "", reading: false });
    }

    get key() {
        return `${this.props.job.id}-assembly-${this.props.part.product}`;
    }

    startValues() {
        return { kind: "", reason: "" };
    }

    get kinds() {
        return [
            ["beyond_repair", _t("Cannot be repaired")],
            ["no_parts", _t("The parts to repair it cannot be had")],
            ["dearer", _t("Repair would cost more")],
            ["unsafe", _t("Repaired it would not be safe")],
            ["customer", _t("The customer pays for it and asks for it in writing")],
            ["other", _t("Another reason")],
        ];
    }

    get ready() {
        return this.form.kind && this.form.reason.trim()
            && (this.form.kind !== "customer" || this.photo.data);
    }

    choose(kind) {
        this.set("kind", kind);
    }

    async takePhoto(ev) {
        const [file] = ev.target.files;
        ev.target.value = "";
        this.photo.reading = true;
        try {
            this.photo.data = file ? await shrink(file) : this.photo.data;
        } catch {
            this.store.problem = _t("The picture cannot be read.");
        } finally {
            this.photo.reading = false;
        }
    }

    async send() {
        const { job, part } = this.props;
        const values = { part: part.id, kind: this.form.kind, reason: this.form.reason };
        if (this.photo.data) {
            values.data = this.photo.data;
        }
        const info = { label: _t("Waiting for the supervisor"), why: this.form.reason };
        await this.saved(
            await this.act(job, "assembly_request", values, { info, label: part.name })
        );
    }
}
