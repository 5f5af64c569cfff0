import { Component, onMounted, useEnv, useState } from "@odoo/owl";
import { boot } from "./boot";
import { useActing } from "./acting";
import { Deadlines } from "./deadlines";
import { formatMoment, mapLink } from "./format";
import { _t } from "./i18n";
import { JobPage } from "./job_page";
import { nextStep, operationName, stateName } from "./steps";

/** One order in the list: what, who, where, until when, and the button that leads on. */
export class JobCard extends Component {
    static template = "jinxing_repair.JobCard";
    static components = { Deadlines };
    static props = { job: Object, open: Function };

    setup() {
        this.act = useActing();
        this.store = useState(useEnv().store.state);
        Object.assign(this, { mapLink, stateName });
    }

    get next() {
        return nextStep(this.props.job);
    }

    get pending() {
        return this.store.entries.filter(
            (entry) => entry.order_id === this.props.job.id && entry.state !== "sent"
        ).length;
    }

    async go() {
        const next = this.next;
        if (next.operation && next.operation !== "arrive" && next.operation !== "finish") {
            await this.act(this.props.job, next.operation);
        } else {
            this.props.open(this.props.job.id, next.section);
        }
    }
}

/** Changes that wait on the phone, were sent, or need a decision. */
export class OutboxPanel extends Component {
    static template = "jinxing_repair.OutboxPanel";
    static props = {};

    setup() {
        this.service = useEnv().store;
        this.store = useState(this.service.state);
        this.formatMoment = (ms) => formatMoment(new Date(ms).toISOString(), this.store.now);
        this.operationName = operationName;
    }

    get entries() {
        const order = { conflict: 0, gone: 0, refused: 0, waiting: 1, sent: 2 };
        return [...this.store.entries].sort(
            (one, other) => order[one.state] - order[other.state]
                || (one.state === "sent" ? other.seq - one.seq : one.seq - other.seq)
        );
    }

    job(entry) {
        return this.store.jobs[entry.order_id]?.name || "";
    }

    typed(entry) {
        return Object.values(entry.values || {})
            .filter((value) => typeof value === "string" && value.length < 400)
            .filter((value) => !/^[0-9a-f-]{36}$/.test(value))
            .join(" · ");
    }

    mayOverwrite(entry) {
        return entry.state === "conflict"
            && !entry.fields.some((field) => field.name === "quote_amount");
    }

    when(text) {
        return formatMoment(text.replace(" ", "T") + (text.endsWith("Z") ? "" : "Z"));
    }
}

export class App extends Component {
    static template = "jinxing_repair.OnsiteApp";
    static components = { JobCard, JobPage, OutboxPanel };
    static props = {};

    setup() {
        this.service = useEnv().store;
        this.store = useState(this.service.state);
        this.view = useState({ id: this.idOf(location.pathname), section: "" });
        this.user = boot.user;
        this.open = this.open.bind(this);
        window.addEventListener("popstate", () => {
            this.view.id = this.idOf(location.pathname);
            this.view.section = "";
        });
        onMounted(() => this.service.wake());
    }

    idOf(path) {
        return Number(path.match(/^\/my\/jobs\/(\d+)/)?.[1]) || null;
    }

    get jobs() {
        return this.service.jobs(this.store);
    }

    get job() {
        return this.view.id && this.service.job(this.view.id, this.store);
    }

    get unsent() {
        return this.store.entries.filter((entry) => entry.state !== "sent");
    }

    get link() {
        const stuck = this.unsent.filter((entry) => entry.state !== "waiting").length;
        if (!this.store.loggedIn) {
            return { level: "late", text: _t("Log in again") };
        }
        if (stuck) {
            return { level: "late", text: _t("%(number)s to decide", { number: stuck }) };
        }
        if (this.unsent.length) {
            const number = this.unsent.length;
            return { level: "soon", text: _t("%(number)s saved on the phone", { number }) };
        }
        if (!this.store.online) {
            return { level: "soon", text: _t("No network") };
        }
        return { level: "done", text: _t("All sent") };
    }

    open(id, section = "") {
        history.pushState({}, "", `/my/jobs/${id}`);
        this.view.id = id;
        this.view.section = section;
        window.scrollTo(0, 0);
    }

    /** Log out and leave nothing on the phone; what is not sent yet comes first. */
    async logout() {
        if (this.unsent.length) {
            this.store.problem = _t("Not everything is sent yet. Log out when it is.");
            return;
        }
        await this.service.forget();
        location.href = "/web/session/logout?redirect=/my/jobs";
    }

    back() {
        history.pushState({}, "", "/my/jobs");
        this.view.id = null;
        window.scrollTo(0, 0);
    }
}
