// @odoo-module ignore
// From accept to hand-in on a phone: one fault free, one charged, both signatures.
// `names` holds what is chosen from lists: housing, battery, part_housing, part_battery, labour.
window.walkFaults = async (names) => {
    const h = window.hands;
    const faults = [
        [names.housing, names.part_housing, null, "Oil leak", "free"],
        [names.battery, names.part_battery, names.labour, "Empty", "chargeable"],
    ];
    for (const [component, part, labour, symptom, cover] of faults) {
        await h.tap("[data-do=fault_add]");
        await h.choose("[data-form=fault] [name=component_id]", component);
        await h.type("[data-form=fault] [name=symptom]", names[symptom] || symptom);
        await h.tap("[data-form=fault] [data-do=save]");
        const card = `.jo-fault.jo-cover-${cover}`;
        await h.see(`${card} [data-cover]`);
        await h.tap(`${card} [data-do=why]`);
        await h.see(`${card} .jo-explained`, cover === "free" ? "G4.2" : "G4.3");
        await h.tap(`${card} [data-do=why]`);
        await h.tap(`${card} [data-do=part]`);
        await h.tap("[data-form=part] [data-product]", part);
        await h.tap("[data-form=part] [data-do=save]");
        await h.see(`${card} [data-part]`, part);
        if (labour) {
            await h.tap(`${card} [data-do=labour]`);
            await h.choose("[data-form=labour] [name=fee]", labour);
            await h.tap("[data-form=labour] [data-do=save]");
            await h.see(`${card} [data-labour]`, labour);
        }
    }
};

window.walkStart = async () => {
    const h = window.hands;
    await h.tap("[data-do=next][data-next=accept]");
    await h.tap("[data-do=next][data-next=contact]");
    await h.state("contacted");
    await h.tap("[data-do=next][data-next=preliminary]");
    await h.tap("#jo-preliminary [data-do=assess]");
    await h.see("#jo-preliminary [data-assessed='1']");
    await h.see("[data-do=next][data-next=departure]");
    for (const node of [...document.querySelectorAll("#jo-departure [data-check]")]) {
        await h.tap(`[data-check='${node.dataset.check}']`);
        await h.see(`[data-check='${node.dataset.check}'][aria-checked=true]`);
    }
    for (const node of [...document.querySelectorAll("#jo-departure [data-bring]")]) {
        await h.tap(`[data-bring='${node.dataset.bring}'] [data-do=take]`);
        await h.see(`[data-bring='${node.dataset.bring}'] [aria-checked=true]`);
    }
    await h.tap("[data-do=next][data-next=depart]");
    await h.tap("[data-do=next][data-next=arrive]");
    await h.state("on_site");
};

window.walkPrice = async (total) => {
    const h = window.hands;
    await h.see("[data-do=next][data-next=price]");
    await h.tap("#jo-price [data-do=quote]");
    await h.see("#jo-price [data-total]", total);
    await h.draw("#jo-price canvas");
    await h.tap("#jo-price [data-do=signed]");
    await h.see("#jo-price .jo-ok");
};

window.walkEnd = async (words = {}) => {
    const h = window.hands;
    for (const cover of ["free", "chargeable"]) {
        await h.tap(`.jo-cover-${cover} [data-do=edit]`);
        await h.type("[data-form=fault] [name=cause]", words.cause || "Worn");
        await h.tap("[data-form=fault] [data-quality=good]");
        await h.tap("[data-form=fault] [data-do=save]");
        await h.gone("[data-form=fault]");
    }
    await h.type("[name=explanation]", words.explanation || "Explained");
    await h.type("[name=precautions]", words.precautions || "Check the oil");
    await h.tap("[data-form=note] [data-do=save]");
    await h.tap("[data-do=next][data-next=finish]");
    await h.state("repaired");
    for (const node of [...document.querySelectorAll("#jo-closing [role=checkbox]")]) {
        const mark = node.dataset.check ? `[data-check='${node.dataset.check}']` : "[data-do=trial]";
        await h.tap(mark);
        await h.see(`${mark}[aria-checked=true]`);
    }
    await h.draw("#jo-sign canvas");
    await h.tap("#jo-sign [data-do=signed]");
    await h.state("signed");
    await h.tap("[data-do=next][data-next=hand_in]");
    await h.state("handed_in");
};
