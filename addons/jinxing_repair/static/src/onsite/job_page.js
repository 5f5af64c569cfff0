import { Component, onMounted, onPatched, useEnv, useState } from "@odoo/owl";
import { useActing } from "./acting";
import { Deadlines } from "./deadlines";
import {
    ClosingBox, CollectForm, DeliverForm, LeaveForm, MachineForm, NoteForm, ReasonForm, TakeBackForm,
} from "./job_forms";
import { BringList } from "./bring_list";
import { FaultCard, FaultForm } from "./fault_card";
import { PreliminaryBox } from "./preliminary_box";
import { PriceBox } from "./price_box";
import { SignaturePad } from "./signature_pad";
import { formatDay, formatMoment, formatMoney, formatNumber, mapLink } from "./format";
import { _t } from "./i18n";
import {
    atMachine, away, diagnosing, isContacted, nextStep, open, operationName, packed, stateName,
    underRepair,
} from "./steps";

const POSITION_TIME = 8000; // a position that takes longer is done without

/** One order in the order of the work, with the next step always under the thumb. */
export class JobPage extends Component {
    static template = "jinxing_repair.JobPage";
    static components = {
        BringList, ClosingBox, CollectForm, Deadlines, DeliverForm, FaultCard, FaultForm, LeaveForm,
        MachineForm, NoteForm, PreliminaryBox, PriceBox, ReasonForm, SignaturePad, TakeBackForm,
    };
    static props = { job: Object, section: { type: String, optional: true } };

    setup() {
        this.service = useEnv().store;
        this.act = useActing();
        this.store = useState(this.service.state);
        this.ui = useState({ panel: this.begun(), locating: false });
        Object.assign(this, {
            atMachine, away, diagnosing, formatDay, formatMoment, formatMoney, formatNumber, isContacted,
            mapLink,
            openChecks: open, operationName, packed, stateName, underRepair,
        });
        onMounted(() => this.props.section && this.goTo(this.props.section));
        onPatched(() => this.wanted && this.goTo(this.wanted));
    }

    /** Return the form that was begun and not saved: it opens with what was typed. */
    begun() {
        const forms = { "fault-new": "fault", leave: "leave", take_back: "take_back" };
        const operations = [
            "decline", "resume", "escalate", "request_help", "give_notice",
        ].map((name) => [name, name]);
        const all = [...Object.entries(forms), ...operations];
        const id = this.props.job.id;
        return all.find(([key]) => this.service.draft(`${id}-${key}`))?.[1] || "";
    }

    get job() {
        return this.props.job;
    }

    get next() {
        return this.job.full ? nextStep(this.job) : null;
    }

    checks(phase) {
        return this.job.checks.filter((check) => check.phase === phase);
    }

    goTo(section) {
        const box = document.getElementById(`jo-${section}`);
        this.wanted = box ? "" : section;
        box?.scrollIntoView({ behavior: "smooth", block: "start" });
    }

    async step(operation) {
        if (operation === "arrive") {
            await this.arrive();
            return;
        }
        await this.act(this.job, operation);
    }

    async nextClicked() {
        if (this.next.operation) {
            await this.step(this.next.operation);
        } else {
            this.goTo(this.next.section);
        }
    }

    /** Arrive with the position if the phone gives it soon; without it the time counts alone. */
    async arrive() {
        this.ui.locating = true;
        const position = await new Promise((resolve) => {
            if (!navigator.geolocation) {
                resolve(null);
                return;
            }
            setTimeout(() => resolve(null), POSITION_TIME + 500);
            navigator.geolocation.getCurrentPosition(resolve, () => resolve(null), {
                enableHighAccuracy: true, timeout: POSITION_TIME, maximumAge: 60000,
            });
        });
        this.ui.locating = false;
        const { latitude, longitude } = position?.coords || {};
        await this.act(this.job, "arrive", position ? { latitude, longitude } : {});
    }

    tick(check) {
        return this.act(
            this.job, "tick", { check: check.id, done: !check.done },
            { base: { done: check.done }, label: check.name },
        );
    }

    toggle(panel) {
        this.ui.panel = this.ui.panel === panel ? "" : panel;
    }

    /** Close a form that is done with, not one that was opened while it was being sent. */
    closePanel(panel) {
        if (this.ui.panel === panel) {
            this.ui.panel = "";
        }
    }

    async reason(operation, values) {
        if (await this.act(this.job, operation, values, { label: values.reason })) {
            this.ui.panel = "";
            return true;
        }
        return false;
    }

    get receiptHint() {
        const number = this.job.receipt;
        return _t("Receipt %(number)s: take it back when the machine is given back (S8.6).", {
            number,
        });
    }

    get voucherHint() {
        return _t("Voucher %(number)s goes to finance today.", { number: this.job.voucher });
    }

    get signTitle() {
        return _t("I have seen the machine run and sign for the work");
    }

    async sign(signed) {
        await this.act(this.job, "sign", signed, { label: signed.name });
    }
}
