import { boot } from "./boot";
import { _t } from "./i18n";

/** The names of the changes, for buttons and for the list of what is to be sent. */
export function operationName(operation) {
    return {
        accept: _t("Accept"),
        decline: _t("Decline"),
        contact: _t("Customer reached"),
        assess: _t("Preliminary assessment"),
        depart: _t("Depart"),
        arrive: _t("I am there"),
        machine: _t("Machine"),
        quote: _t("Show the price"),
        accept_quotation: _t("Price accepted"),
        refuse_quotation: _t("Price refused"),
        finish: _t("Repair finished"),
        resume: _t("Go on with the repair"),
        sign: _t("Customer's signature"),
        leave: _t("Leave without a fix"),
        hand_in: _t("Hand in"),
        escalate: _t("Beyond my authority"),
        request_help: _t("Ask for help"),
        give_notice: _t("I will be late"),
        take_back: _t("Take the machine back"),
        deliver_back: _t("Give the machine back"),
        collect: _t("Money collected"),
        tick: _t("Checklist"),
        bring: _t("To bring"),
        note: _t("Result"),
        fault_add: _t("New fault"),
        fault_write: _t("Fault"),
        fault_remove: _t("Fault removed"),
        photo_add: _t("Photo"),
        photo_remove: _t("Photo removed"),
        assembly_request: _t("Assembly asked for"),
        part_add: _t("New part"),
        part_write: _t("Quantity of a part"),
        part_use: _t("Part used"),
        part_remove: _t("Part removed"),
        labour_add: _t("Labour or travel"),
        labour_write: _t("Labour or travel"),
        labour_remove: _t("Labour or travel removed"),
    }[operation] || operation;
}

/** The name of the order's step, that of a change that is not sent yet too. */
export const stateName = (job) => boot.states[job.state] || _t("Declined");
export const open = (job, phase) => (job.checks || []).filter((c) => c.phase === phase && !c.done);
/** The things to bring that are neither taken along nor left with a reason. */
export const openBring = (job) => (job.bring || []).filter((l) => !l.taken && !l.left_reason);
/** Tell whether everything is ready to set out (S8.3). */
export const packed = (job) => !open(job, "departure").length && !openBring(job).length;
export const atMachine = (job) => ["on_site", "taken_back", "repaired"].includes(job.state);
export const diagnosing = (job) =>
    ["accepted", "contacted", "on_site", "taken_back"].includes(job.state);
export const underRepair = (job) => ["on_site", "taken_back"].includes(job.state);
/** Tell whether the customer has not accepted yet what this fault costs (S8.4). */
export function awaitsAcceptance(job, fault) {
    return fault?.cover === "chargeable" && !job.quote.accepted
        && [...job.parts, ...job.labour].some((line) => line.fault === fault.id);
}
/** Tell whether the technician is away from a machine that is not repaired yet. */
export const away = (job) => job.state === "on_site" && !job.visit_arrived_at;

/**
 * Return what comes next: `operation` when one tap does it, else the `section` to go to.
 */
export function nextStep(job) {
    const name = (operation) => ({ operation, label: operationName(operation) });
    if (job.state === "assigned") {
        return name("accept");
    }
    if (["accepted", "contacted"].includes(job.state)) {
        if (!isContacted(job)) {
            return name("contact");
        }
        if (!job.full) {
            return { section: "departure", label: _t("Departure") };
        }
        if (job.preliminary && !job.preliminary.done) {
            return { section: "preliminary", label: _t("Assess the fault") };
        }
        if (!job.departed_at && !packed(job)) {
            return { section: "departure", label: _t("Departure checklist") };
        }
        return name(job.departed_at ? "arrive" : "depart");
    }
    if (underRepair(job)) {
        return stepAtMachine(job, name);
    }
    if (job.state === "repaired") {
        if (job.receipt) {
            return { section: "deliver", label: operationName("deliver_back") };
        }
        if (open(job, "closing").length || !job.trial_run_ok) {
            return { section: "closing", label: _t("Closing checklist") };
        }
        return { section: "sign", label: operationName("sign") };
    }
    if (job.state === "signed") {
        if (job.full && !(job.explanation && job.precautions)) {
            return { section: "result", label: _t("Explanation and precautions") };
        }
        if (job.may?.includes("collect")) {
            return { section: "collect", label: operationName("collect") };
        }
        return name("hand_in");
    }
    return null;
}

function stepAtMachine(job, name) {
    if (!job.full) {
        return { section: "faults", label: _t("Go on working") };
    }
    if (away(job)) {
        if (!job.departed_at && !packed(job)) {
            return { section: "departure", label: _t("Departure checklist") };
        }
        return name(job.departed_at ? "arrive" : "depart");
    }
    if (!job.serial) {
        return { section: "machine", label: _t("Enter the machine") };
    }
    if (!job.faults.length && job.kind !== "installation") {
        return { section: "faults", label: _t("Note the fault") };
    }
    if (job.quote.chargeable && !job.quote.accepted) {
        return { section: "price", label: _t("Agree the price") };
    }
    if (job.faults.some((fault) => !(fault.cause && fault.quality_after))) {
        return { section: "faults", label: _t("Cause and quality") };
    }
    const assemblies = job.parts.map((part) => part.assembly?.state);
    if (assemblies.some((state) => ["to_ask", "refused"].includes(state))) {
        return { section: "faults", label: _t("Ask for the assembly") };
    }
    if (assemblies.includes("waiting")) {
        return { section: "faults", label: _t("The assembly waits for approval") };
    }
    return name("finish");
}

export function isContacted(job) {
    const deadline = job.deadlines.find((item) => item.kind === "contact");
    return Boolean(job.contacted_at || (deadline && deadline.done));
}
