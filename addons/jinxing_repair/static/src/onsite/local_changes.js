/**
 * What the page shows before the server has answered: each change applied to a copy of the
 * order. What the rules decide (cover, price) is not guessed here.
 */

function find(records, reference) {
    return records.find((record) => record.id === reference);
}

const APPLY = {
    accept(job, change) {
        job.accepted_at = change.at;
        job.state = job.contacted_at ? "contacted" : "accepted";
    },
    decline(job) {
        job.state = "declined";
    },
    contact(job, change) {
        job.contacted_at = change.at;
        setDone(job, "contact", change.at);
        if (job.state === "accepted") {
            job.state = "contacted";
        }
    },
    assess(job, change) {
        const { contacted, ...values } = change.values;
        const { hours, advice, note, solved, severity, way, category_id, component_id } = values;
        Object.assign(job.preliminary, {
            hours, advice, severity, way, category_id, component_id, ...change.info,
            note: note || "", solved: Boolean(solved), visit_at: values.visit_at || false,
            done: change.at, who: "", why: "", unsent: true,
        });
        setDone(job, "preliminary", change.at);
        if (contacted) {
            APPLY.contact(job, change);
        }
    },
    depart(job, change) {
        job.departed_at = change.at;
        job.left_at = false;
    },
    arrive(job, change) {
        job.arrived_at = job.arrived_at || change.at;
        job.visit_arrived_at = change.at;
        job.left_at = false;
        setDone(job, "arrival", change.at);
        if (["accepted", "contacted"].includes(job.state)) {
            job.state = "on_site";
        }
    },
    accept_quotation(job, change) {
        Object.assign(job.quote, {
            state: "accepted", accepted: true, name: change.values.name, at: change.at,
        });
    },
    refuse_quotation(job) {
        job.quote.state = "refused";
    },
    finish(job, change) {
        job.state = "repaired";
        job.repaired_at = change.at;
    },
    resume(job) {
        Object.assign(job, { state: "on_site", repaired_at: false, trial_run_ok: false });
    },
    sign(job, change) {
        Object.assign(job, {
            state: "signed", signed_at: change.at, signed_by: change.values.name,
        });
    },
    leave(job, change) {
        // the next trip has a list of its own
        for (const check of job.checks.filter((item) => item.phase === "departure")) {
            check.done = false;
        }
        for (const line of job.bring || []) {
            Object.assign(line, { taken: false, left_reason: false });
        }
        Object.assign(job, { left_at: change.at, departed_at: false, visit_arrived_at: false });
    },
    take_back(job, change) {
        Object.assign(job, { state: "taken_back", left_at: change.at, visit_arrived_at: false });
        job.receipt = "…";
        job.may = job.may.filter((name) => name !== "take_back");
    },
    deliver_back(job) {
        job.receipt = "";
    },
    collect(job, change) {
        job.collected = change.values.amount;
        job.may = job.may.filter((name) => name !== "collect");
    },
    escalate(job, change) {
        asked(job, change);
    },
    request_help(job, change) {
        asked(job, change);
    },
    give_notice(job) {
        job.may = job.may.filter((name) => name !== "give_notice");
    },
    hand_in(job) {
        job.state = "handed_in";
    },
    tick(job, change) {
        const check = find(job.checks, change.values.check);
        if (check) {
            check.done = change.values.done;
        }
    },
    bring(job, change) {
        const line = find(job.bring, change.values.line);
        if (line) {
            line.taken = change.values.taken;
            line.left_reason = change.values.left_reason;
        }
    },
    note(job, change) {
        Object.assign(job, change.values);
    },
    fault_add(job, change) {
        job.faults.push({
            component: "", category: "", symptom: "", cause: "", exclusion: false,
            exclusion_evidence: "", quality_after: false, result: "", cover: false,
            cover_label: "", clauses: "", why: "",
            ...change.values, ...change.info, id: change.request_id, photos: [], unsent: true,
        });
    },
    fault_write(job, change) {
        const fault = find(job.faults, change.values.fault);
        if (fault) {
            const { fault: _fault, ...values } = change.values;
            Object.assign(fault, values, change.info);
        }
    },
    fault_remove(job, change) {
        job.faults = job.faults.filter((fault) => fault.id !== change.values.fault);
    },
    photo_add(job, change) {
        find(job.faults, change.values.fault)?.photos.push({
            id: change.request_id, data: change.values.data, unsent: true,
        });
    },
    photo_remove(job, change) {
        const fault = find(job.faults, change.values.fault);
        if (fault) {
            fault.photos = fault.photos.filter((photo) => photo.id !== change.values.photo);
        }
    },
    assembly_request(job, change) {
        const asked = find(job.parts, change.values.part);
        for (const part of job.parts) {
            if (part.assembly && part.product === asked?.product) {
                part.assembly = { ...part.assembly, ...change.info, state: "waiting", ask: 0 };
            }
        }
    },
    part_add(job, change) {
        job.parts.push({
            name: "", code: "", unit: "", lots: [], price: 0, tracking: "none",
            ...change.info, id: change.request_id, fault: change.values.fault,
            product: change.values.product, product_uom_qty: change.values.quantity,
            quantity: 0, picked: false, unsent: true,
        });
        costsMore(job, change.values.fault);
    },
    part_write(job, change) {
        const part = find(job.parts, change.values.part);
        if (part) {
            if (change.values.product_uom_qty > part.product_uom_qty) {
                costsMore(job, part.fault);
            }
            part.product_uom_qty = change.values.product_uom_qty;
        }
    },
    part_use(job, change) {
        const part = find(job.parts, change.values.part);
        if (part) {
            Object.assign(part, { quantity: change.values.quantity, picked: true }, change.info);
        }
    },
    part_remove(job, change) {
        job.parts = job.parts.filter((part) => part.id !== change.values.part);
    },
    labour_add(job, change) {
        job.labour.push({
            name: "", unit: "", price: 0, amount: 0, ...change.info, id: change.request_id,
            fault: change.values.fault, product_uom_qty: change.values.quantity, unsent: true,
        });
        costsMore(job, change.values.fault);
    },
    labour_write(job, change) {
        const line = find(job.labour, change.values.labour);
        if (line) {
            if (change.values.product_uom_qty > line.product_uom_qty) {
                costsMore(job, line.fault);
            }
            line.product_uom_qty = change.values.product_uom_qty;
            line.amount = line.price * line.product_uom_qty;
        }
    },
    labour_remove(job, change) {
        job.labour = job.labour.filter((line) => line.id !== change.values.labour);
    },
};

/** A line more of what is charged: the price accepted is not the price any more (S8.4). */
function costsMore(job, reference) {
    if (find(job.faults, reference)?.cover === "chargeable") {
        Object.assign(job.quote, { chargeable: true, accepted: false });
    }
}

function asked(job, change) {
    job.may = job.may.filter((name) => name !== change.operation);
    job.escalations.unshift({
        id: change.request_id, reason: change.values.reason, since: change.at, until: false,
        done: false, answer: "",
    });
}

function setDone(job, kind, at) {
    const deadline = job.deadlines.find((item) => item.kind === kind);
    if (deadline) {
        deadline.done = deadline.done || at;
    }
}

/** Return a copy of the order with these changes applied, in their order. */
export function withChanges(job, changes) {
    if (!changes.length) {
        return job;
    }
    const copy = JSON.parse(JSON.stringify(job));
    for (const change of changes) {
        if (job.full || ["accept", "contact", "decline", "hand_in"].includes(change.operation)) {
            APPLY[change.operation]?.(copy, change);
        }
    }
    copy.unsent = true;
    return copy;
}
