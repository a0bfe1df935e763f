// The page as its users have it: in Chromium, on a market that has been through the whole story, at 2 August 2027 10:00.
// ALFA waits for BRAVO's answer to PI-000010 (order lune-1, two numbers of Boulangerie Lune), which BRAVO has as PO-000010.

import axe from "axe-core";
import { createHash } from "node:crypto";
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { after, before, test } from "node:test";
import { eventually, openDaemon, openMarket } from "./market.mjs";

let market, browser, ALFA, BRAVO;
const seen = { requests: 0, foreign: [], complaints: [] };
/** What axe said of each view. */
const judged = [];
const pictures = process.env.NPOD_SCREENSHOTS;

before(async () => {
    market = await openMarket();
    ({ ALFA, BRAVO } = market.urls);
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
    if (pictures) mkdirSync(pictures, { recursive: true });
});
after(async () => {
    await browser?.close();
    await market?.close();
});

/** A tab of its own, whose every request and complaint is written down. */
async function tab(url, { width = 1200, dark = false, lang = "en", expected = [] } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: dark ? "dark" : "light", locale: lang });
    const page = await context.newPage();
    page.setDefaultTimeout(8_000);
    const origin = new URL(url).origin;
    page.on("request", (request) => {
        ++seen.requests;
        if (new URL(request.url()).origin !== origin) seen.foreign.push(request.url());
    });
    page.on("pageerror", (error) => seen.complaints.push(`${url}: ${error.message}`));
    page.on("console", (message) => {
        const text = message.text();
        if (message.type() === "error" && !expected.some((one) => text.includes(one))) seen.complaints.push(`${url}: ${text}`);
    });
    await page.goto(url);
    await page.waitForSelector("main h1");
    return page;
}

const view = (page, hash) => page.evaluate((to) => { location.hash = to; }, hash);
const heading = (page, text) => page.waitForFunction((wanted) => document.querySelector("main h1")?.textContent.includes(wanted), text);
const api = async (url, target) => (await fetch(url + target)).json();
const settle = (page) => page.waitForFunction(() => !document.querySelector("main [role=status].quiet"));

/** Every view, and a word that says it is there. */
const views = [
    ["board", "#/?done=1", "a.row[href='#/ports/PI-000001']"],
    ["port", "#/ports/PI-000010", "#machine .node.present"],
    ["settled", "#/ports/PI-000001", "#timeline li"],
    ["paid", "#/ports/PI-000006", "#money tfoot"],
    ["radar", "#/radar", "main tbody tr"],
    ["claims", "#/claims", "main tbody tr"],
    ["claim", "#/claims/CL-000006", "#money tfoot"],
    ["operators", "#/operators", ".card dl"],
    ["number", "#/numbers/+3225501100", "#history li"],
    ["contract", "#/contracts/A-HORTA", "dl.facts"],
    ["find", "#/find/nothing-of-this-name", ".trouble"],
];

test("the board shows every port of the story, the most urgent first, with turn, time left and money", async () => {
    const page = await tab(`${ALFA}/#/?done=1`);
    const ports = (await api(ALFA, "/v1/ports?limit=100")).items;
    await page.waitForSelector("a.row[href='#/ports/PI-000001']");
    const rows = await page.$$eval("main a.row", (links) => links.map((link) => link.textContent));
    assert.equal(ports.length, 11);
    assert.deepEqual([...rows].sort(), ports.map((port) => port.id).sort());
    // Open before finished. 28 hours of the working window (8 on the 2nd, 10 on the 3rd, 10 on the 4th of August), 2 numbers at 5 EUR.
    assert.equal(rows[0], "PI-000010");
    const first = await page.textContent("tr:has(a.row[href='#/ports/PI-000010'])");
    for (const text of ["28 h", "BRAVO", "Boulangerie Lune SRL", "awaiting answer", "10.00 EUR a day", "+3225508000..+3225508001 (2)"])
        assert.ok(first.includes(text), `${text} in: ${first}`);
    await page.click("a.chip:has-text('awaiting answer')");
    await page.waitForFunction(() => document.querySelectorAll("main a.row").length === 1);
    await page.context().close();
});

test("a port says whose turn, by when, what to tell the customer, and why with law and arithmetic", async () => {
    const page = await tab(`${ALFA}/#/ports/PI-000010`);
    await page.waitForSelector("#why dl");
    const head = await page.textContent(".head");
    for (const text of ["BRAVO", "Wed 4 Aug 2027 18:00", "+02:00", "28 h working time", "2 d 8 h by the clock", "must answer by Wed 4 Aug 2027 18:00"])
        assert.ok(head.includes(text), `${text} in: ${head}`);
    const why = await page.textContent("#why");
    for (const text of ["be.answer.within.fixed.complex", "our assumption", "be.total.fixed.complex less be.execute.within", "2 working days after Mon 2 Aug 2027"])
        assert.ok(why.includes(text), `${text} in: ${why}`);
    await page.waitForSelector("#machine .node.present");
    assert.match(await page.textContent("#machine .node.present"), /awaiting/);
    await view(page, "#/ports/PI-000006"); // late by six days: 4 numbers x 6 days x 5 EUR
    await page.waitForSelector("#money tfoot");
    assert.match(await page.textContent("#money tfoot"), /120\.00 EUR/);
    await page.context().close();
});

test("times are the rulebook's, whatever the zone of the browser", async () => {
    const context = await browser.newContext({ timezoneId: "America/New_York", locale: "en" });
    const page = await context.newPage();
    await page.goto(`${ALFA}/#/ports/PI-000010`);
    await page.waitForSelector(".head .big time");
    assert.equal(await page.textContent(".head .big time"), "Wed 4 Aug 2027 18:00 +02:00");
    assert.match(await page.textContent(".foot"), /Mon 2 Aug 2027 10:00 \+02:00 Europe\/Brussels.*Manual clock/);
    await context.close();
});

test("English, Dutch and French, chosen by browser or by hand; every state of every machine has a name in each", async () => {
    for (const [lang, title, state] of [["en", "Board", "awaiting answer"], ["nl", "Bord", "wacht op antwoord"], ["fr", "Tableau", "attend la réponse"]]) {
        const page = await tab(ALFA, { lang });
        await heading(page, title);
        assert.equal(await page.getAttribute("html", "lang"), lang);
        await page.waitForSelector(`.state:has-text("${state}")`);
        await page.context().close();
    }
    const page = await tab(ALFA);
    await page.selectOption(".foot select >> nth=0", "fr");
    await heading(page, "Tableau");
    await page.reload();
    await heading(page, "Tableau");
    // A state that the page does not know is shown with its own name; a drawing in French then has an English word in it.
    for (const role of ["port_in", "port_out"]) {
        const port = role === "port_in" ? "PI-000001" : "PO-000001";
        await view(page, `#/ports/${port}`);
        await page.waitForSelector("#machine .node");
        const names = (await api(ALFA, `/v1/machines/${role}`)).states.map((one) => one.name);
        const drawn = await page.$$eval("#machine .node", (nodes) => nodes.map((node) => [...node.querySelectorAll("text")].map((one) => one.textContent).join(" ").replace(/^[▸✓] /, "")));
        assert.equal(drawn.length, names.length);
        const unnamed = names.filter((name, index) => drawn[index] === name.replaceAll("_", " "));
        assert.deepEqual(unnamed, [], "states without a name in src/web/app/words");
    }
    await page.context().close();
});

test("axe finds nothing to complain of, in any view, light or dark", async () => {
    for (const dark of [false, true]) {
        const page = await tab(ALFA, { dark, expected: ["404"] });
        for (const [name, hash, mark] of views) {
            await view(page, hash);
            await page.waitForSelector(mark);
            await settle(page);
            await complain(page, `${name} ${dark ? "dark" : "light"}`, dark);
            if (pictures) await page.screenshot({ path: path.join(pictures, `${name}-${dark ? "dark" : "light"}.png`), fullPage: true });
        }
        await page.context().close();
    }
});

/** Of the second colours only the contrast is new. */
async function complain(page, where, onlyContrast = false) {
    if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe.source);
    const rules = onlyContrast ? { type: "rule", values: ["color-contrast"] } : ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
    const { violations, passes } = await page.evaluate((runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ["violations"] }), rules);
    judged.push({ where, passed: passes.length, elements: passes.reduce((sum, rule) => sum + rule.nodes.length, 0), violations: violations.length });
    assert.ok(passes.length >= (onlyContrast ? 1 : 10), "axe looked at something");
    assert.deepEqual(violations.map((one) => `${where}: ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`), []);
}

test("the radar is the daemon's own: the same lines in the same order, with their sums", async () => {
    const page = await tab(`${ALFA}/#/radar`);
    for (const [button, within] of [["10 working days", "10wd"], ["4 working hours", "4wh"]]) {
        await page.click(`.chip:has-text("${button}")`);
        const said = await api(ALFA, `/v1/radar?within=${within}&limit=500`);
        await page.waitForFunction((count) => document.querySelectorAll("main tbody tr").length === count, said.items.length);
        await page.waitForFunction((text) => document.querySelector(".sums")?.textContent.startsWith(text), `${said.late} late, ${said.troubles} in trouble; ${said.per_day.text} a day at risk`);
        const rows = await page.$$eval("main tbody a.row", (links) => links.map((link) => link.textContent));
        assert.deepEqual(rows, said.items.map((item) => item.kind === "counterpart" ? item.operator : item.subject));
    }
    // BRAVO must answer within 28 working hours, and two numbers cost 10 EUR for each day of delay.
    await page.click(".chip:has-text('10 working days')");
    const row = await page.textContent("tr:has(a.row[href='#/ports/PI-000010'])");
    for (const text of ["28 h", "BRAVO", "10.00 EUR a day"]) assert.ok(row.includes(text), `${text} in: ${row}`);
    await page.context().close();
});

test("360 pixels are wide enough for every view in every language", async () => {
    for (const lang of ["en", "nl", "fr"]) {
        const page = await tab(ALFA, { width: 360, lang, expected: ["404"] });
        for (const [name, hash, mark] of views) {
            await view(page, hash);
            await page.waitForSelector(mark);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(wide <= 360, `${name} in ${lang} is ${wide} wide`);
            if (pictures && lang === "nl") await page.screenshot({ path: path.join(pictures, `${name}-narrow.png`), fullPage: true });
        }
        await page.context().close();
    }
});

test("the keyboard suffices: search, rooms, rows, help", async () => {
    const page = await tab(ALFA);
    await page.waitForSelector("a.row");
    await page.keyboard.press("/");
    await page.keyboard.type("lune-1");
    await page.keyboard.press("Enter");
    await heading(page, "PI-000010");
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await heading(page, "Radar");
    await page.waitForSelector("main a.row");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "PI-000010/1");
    await page.keyboard.press("Enter");
    await heading(page, "PI-000010");
    await page.keyboard.press("g");
    await page.keyboard.press("b");
    await heading(page, "Board");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
    await complain(page, "help");
    await page.keyboard.press("Escape");
    await page.waitForSelector("dialog", { state: "detached" });
    // A number as people write it; what is typed into a field is no command.
    await page.keyboard.press("/");
    await page.keyboard.type("02 550 11 00");
    await page.keyboard.press("Enter");
    await heading(page, "+3225501100");
    await page.context().close();
});

test("an answer is shown before it is given, moves the port, and the other side's page follows by itself", async () => {
    const bravo = await tab(`${BRAVO}/#/ports/PO-000010`, { expected: ["422"] }), alfa = await tab(`${ALFA}/#/ports/PI-000010`);
    await alfa.waitForSelector("#lines tbody tr");
    await alfa.evaluate(() => { window.neverReloaded = true; });
    await bravo.click(".acts button:has-text('Answer')");
    await bravo.click(".panel button.main");
    await bravo.waitForSelector("text=A reason is needed.");
    await bravo.fill("#field-reason", "checked by hand");
    await bravo.click(".panel button.main");
    await bravo.waitForSelector("text=Decide at least one range.");

    // One number may leave, the other not: the range is split.
    await bravo.click("button:has-text('Split')");
    await bravo.fill(".decision input[inputmode=tel]", "+3225508001");
    await bravo.click("button:has-text('Split here')");
    await bravo.check("fieldset:has(legend:has-text('+3225508000')) input[value=accept]");
    await bravo.fill("#field-at", "2027-08-05T09:00");
    await bravo.check("fieldset:has(legend:has-text('+3225508001')) input[value=refuse]");
    await bravo.click(".panel button.main");
    await bravo.waitForSelector("text=Choose at least one ground");
    // Name and address are those of our contract: this ground is not admissible, the form says so, and so does the daemon.
    assert.match(await bravo.textContent("label:has(input[value=NAME_ADDRESS_MISMATCH])"), /not admissible: /);
    await bravo.check("input[value=NAME_ADDRESS_MISMATCH]");
    await bravo.click(".panel button.main");
    await bravo.waitForSelector(".panel .trouble:has-text('NAME_ADDRESS_MISMATCH')");
    await bravo.uncheck("input[value=NAME_ADDRESS_MISMATCH]");
    await bravo.check("input[value=TECHNICAL]");
    await bravo.fill("#field-note", "hangs on an old exchange");
    await complain(bravo, "answer");
    if (pictures) await bravo.screenshot({ path: path.join(pictures, "answer.png"), fullPage: true });
    await bravo.click(".panel button.main");
    await bravo.waitForSelector(".will");
    const will = await bravo.textContent(".will");
    assert.match(will, /\+3225508000: being checked → awaiting transfer/);
    assert.match(will, /\+3225508001: being checked → refused \(TECHNICAL\)/);
    await complain(bravo, "what will happen");
    if (pictures) await bravo.screenshot({ path: path.join(pictures, "will.png"), fullPage: true });
    assert.equal((await api(BRAVO, "/v1/ports/PO-000010")).state, "validating", "what was shown has not been done");

    await bravo.click(".panel button:has-text('Do it')");
    await bravo.waitForSelector(".said:has-text('Done.')");
    const lines = (await api(BRAVO, "/v1/ports/PO-000010")).lines;
    assert.deepEqual(lines.map((line) => [line.first, line.state]), [["+3225508000", "awaiting_execution"], ["+3225508001", "refused"]]);
    assert.equal(Date.parse(lines[0].first_possible_at), Date.parse("2027-08-05T09:00:00+02:00"));
    const log = (await api(BRAVO, "/v1/ports/PO-000010/timeline")).items;
    assert.equal(log.filter((one) => one.kind === "port.answer").length, 1);
    assert.equal(log.find((one) => one.kind === "port.answer").reason, "checked by hand");

    // Over the hub to ALFA, and onto its page without a reload.
    await alfa.waitForSelector("#lines .state:has-text('scheduled')", { timeout: 15_000 });
    await alfa.waitForSelector("#lines .state:has-text('refused')");
    assert.equal(await alfa.evaluate(() => window.neverReloaded), true);
    await alfa.context().close();
    await bravo.context().close();
});

test("numbers do not leave before the rest of the contract has a fate; the form asks for it", async () => {
    // Of a hunt group over two numbers one leaves: whether it goes on is for a person to say.
    const put = (url, method, target, body) => fetch(url + target, { method, body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "Idempotency-Key": `fates-${target}` } });
    const customer = { kind: "legal", name: "Imprimerie Vif SRL", customer_id: "C-77", address: { house_number: "3", postcode: "1000" } };
    const kept = await put(BRAVO, "PUT", "/v1/contracts/C-VIF", { customer, network: "fixed", numbers: [{ first: "+3225508500", last: "+3225508502" }],
        related: [{ name: "Hunt group", numbers: [{ first: "+3225508500", last: "+3225508501" }] }] });
    assert.equal(kept.status, 201, await kept.text());
    const ordered = await put(ALFA, "POST", "/v1/port-ins", { order_id: "vif-1", donor: "BRAVO", network: "fixed", numbers: ["+3225508500", "+3225508502"],
        customer, donor_account: "C-77", contract_id: "A-VIF", location: { zone: "2" }, related: [{ number: "+3225508501", fate: "keep" }],
        mandate: { id: "M-7", titular: customer.name, signer: "Jo Vif", channel: "paper", signed_at: "2027-08-01T10:00:00+02:00" } });
    assert.equal(ordered.status, 201, await ordered.clone().text());
    const { dossier } = await ordered.json();
    const port = await eventually("BRAVO to hear of it", async () => (await api(BRAVO, `/v1/ports?dossier=${dossier}`)).items[0]);

    const page = await tab(`${BRAVO}/#/ports/${port.id}`, { expected: ["422"] });
    await page.waitForSelector("#residue tr:has-text('Hunt group'):has-text('fate not stated')");
    await page.click(".acts button:has-text('Answer')");
    for (const box of await page.locator("input[value=accept]").all()) await box.check();
    await page.fill("#field-reason", "the group stays on the last number");
    await page.click(".panel button.main");
    await page.waitForSelector(".panel .trouble:has-text('Hunt group')");
    await page.check("fieldset:has-text('rest of the contract') p:has-text('Hunt group') input[value=keep]");
    await page.click(".panel button.main");
    await page.waitForSelector(".will:has-text('awaiting transfer')");
    await page.click(".panel button:has-text('Do it')");
    await page.waitForSelector("#lines .state:has-text('awaiting transfer')");
    await page.waitForSelector("#residue tr:has-text('Hunt group'):has-text('stays')");
    await page.context().close();
});

test("what somebody else changed meanwhile is said, and what was typed stays", async () => {
    const page = await tab(`${ALFA}/#/ports/PI-000010`, { expected: ["412"] });
    await page.click(".acts button:has-text('Note')");
    await page.fill("#field-reason", "called the customer");
    await page.click(".panel button.main");
    await page.waitForSelector(".will");
    const elsewhere = await fetch(`${ALFA}/v1/ports/PI-000010/hold`, { method: "POST", body: JSON.stringify({ reason: "from elsewhere" }),
        headers: { "Content-Type": "application/json", "Idempotency-Key": "elsewhere-1" } });
    assert.equal(elsewhere.status, 200);
    await page.click(".panel button:has-text('Do it')");
    await page.waitForSelector("text=Somebody changed this");
    assert.equal(await page.inputValue("#field-reason"), "called the customer");
    await page.click(".panel button:has-text('See what')");
    await page.waitForSelector(".will");
    await page.click(".panel button:has-text('Do it')");
    await page.waitForSelector(".said:has-text('Done.')");
    await page.waitForSelector("#timeline :text('called the customer')");
    await page.context().close();
});

test("an order is held, resumed, moved and withdrawn by its buttons, another is closed by hand", async () => {
    const customer = { kind: "legal", name: "Atelier Clic SRL", address: { house_number: "9", postcode: "1000" } };
    const send = (url, method, target, body) => fetch(url + target, { method, body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "Idempotency-Key": `clic-${target}-${body.order_id ?? ""}` } });
    const orders = [];
    for (const [order_id, number] of [["clic-1", "+3225508600"], ["clic-2", "+3225508601"]]) {
        const kept = await send(BRAVO, "PUT", `/v1/contracts/C-${order_id}`, { customer, network: "fixed", numbers: [number] });
        assert.equal(kept.status, 201, await kept.text());
        const ordered = await send(ALFA, "POST", "/v1/port-ins", { order_id, donor: "BRAVO", network: "fixed", numbers: [number], customer, contract_id: `A-${order_id}`,
            wish: { mode: "date", at: "2027-08-05T09:00:00+02:00" }, location: { zone: "2" }, mandate: { id: order_id, titular: customer.name, signer: "Jo Clic", channel: "paper", signed_at: "2027-08-01T10:00:00+02:00" } });
        assert.equal(ordered.status, 201, await ordered.clone().text());
        orders.push((await ordered.json()).id);
    }
    const page = await tab(`${ALFA}/#/ports/${orders[0]}`);
    const act = async (name, fill) => {
        await page.click(`.acts > .line button:text-is("${name}")`);
        await fill?.();
        await page.fill("#field-reason", `the customer wants to ${name.toLowerCase()}`);
        await page.click(".panel button.main");
        await page.waitForSelector(".will");
        await page.click(".panel button:has-text('Do it')");
        await page.waitForSelector(".panel", { state: "detached" });
    };
    await page.waitForSelector("#lines .state:has-text('scheduled')", { timeout: 15_000 }); // BRAVO's machine answers for one number
    await act("Hold");
    await page.waitForSelector("#lines .state:has-text('on hold')");
    await act("Resume");
    await page.waitForSelector("#lines .state:has-text('scheduled')");
    await act("Reschedule", () => page.fill("#field-at", "2027-08-06T10:00"));
    await page.waitForSelector("#lines time[datetime='2027-08-06T08:00:00Z']");
    await act("Cancel");
    await page.waitForSelector("#lines .state:has-text('cancelled')", { timeout: 15_000 });
    assert.equal((await api(ALFA, `/v1/ports/${orders[0]}`)).state, "cancelled");

    await view(page, `#/ports/${orders[1]}`);
    await heading(page, orders[1]);
    await act("Settle by hand");
    await page.waitForSelector("#lines .state:has-text('closed by hand')");
    const port = await api(ALFA, `/v1/ports/${orders[1]}`);
    assert.deepEqual([port.state, port.legal_next.length], ["closed", 0]);
    const reasons = (await api(ALFA, `/v1/ports/${orders[1]}/timeline`)).items.map((one) => one.reason).filter(Boolean);
    assert.ok(reasons.includes("the customer wants to settle by hand"));
    await page.context().close();
});

test("a daemon that restarts costs nothing that was typed; the page says so and catches up", async () => {
    const page = await tab(`${BRAVO}/#/ports/PO-000010`, { expected: ["ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED", "ERR_EMPTY", "network error", "ERR_CONNECTION_RESET"] });
    await page.click(".acts button:has-text('Note')");
    await page.fill("#field-reason", "half a sen");
    const start = await market.stop("BRAVO");
    await page.waitForSelector(".news:has-text('Connection lost')");
    await page.locator("#field-reason").pressSequentially("tence");
    await page.click(".panel button.main");
    await page.waitForSelector("text=could not be reached");
    if (pictures) await page.screenshot({ path: path.join(pictures, "lost.png"), fullPage: false });
    await start();
    await page.waitForSelector(".news:has-text('Caught up')", { timeout: 20_000 });
    assert.equal(await page.inputValue("#field-reason"), "half a sentence");
    await page.reload(); // and not even that loses it
    await page.waitForSelector("#field-reason");
    assert.equal(await page.inputValue("#field-reason"), "half a sentence");
    await page.click(".panel button.main");
    await page.click(".panel button:has-text('Do it')");
    await page.waitForSelector("#timeline :text('half a sentence')");
    const notes = (await api(BRAVO, "/v1/ports/PO-000010/timeline")).items.filter((one) => one.reason === "half a sentence");
    assert.equal(notes.length, 1);
    await page.context().close();
});

test("a late port, from its activation to the paid claim, all on the page", async () => {
    const page = await tab(`${ALFA}/#/ports/PI-000010`);
    const act = async (name, fill) => {
        await page.click(`.acts > .line button:has-text("${name}")`);
        await fill?.();
        if (await page.locator("#field-reason").count()) await page.fill("#field-reason", "as agreed by telephone");
        await page.click(".panel button.main");
        await page.waitForSelector(".will");
        await page.click(".panel button:has-text('Do it')");
        await page.waitForSelector(".panel", { state: "detached" });
    };
    await act("Resume"); // it is on hold since somebody else's call above
    await page.waitForSelector("#lines .state:has-text('scheduled')");
    const advanced = await fetch(`${ALFA}/v1/clock/advance`, { method: "POST", body: JSON.stringify({ to: "2027-08-12T10:00:00+02:00" }),
        headers: { "Content-Type": "application/json", "Idempotency-Key": "advance-1" } });
    assert.equal(advanced.status, 200);
    await page.waitForSelector("#lines .state:has-text('activation overdue')");
    await page.waitForSelector(".foot:has-text('Thu 12 Aug 2027 10:00')");
    if (pictures) await page.screenshot({ path: path.join(pictures, "overdue.png"), fullPage: true });
    await view(page, "#/");
    await page.waitForSelector("tr:has(a.row[href='#/ports/PI-000010']) .left.late");
    if (pictures) await page.screenshot({ path: path.join(pictures, "board-late.png") });
    await view(page, "#/ports/PI-000010");
    await act("Report activation");
    await page.waitForSelector("#lines .state:has-text('completed')");
    // Planned 5 August 18:00; one working day later, on the 6th at 18:00, it begins to count: the 7th to the 12th are 6 civil days
    // begun, for the one number that was not refused, at 5 EUR.
    await page.waitForSelector("#money tfoot:has-text('30.00 EUR')");

    await page.click("#facts a:has-text('CL-')");
    await page.waitForSelector("h1:has-text('CL-000010')");
    await act("File a claim", () => page.fill("#field-claimant", "Boulangerie Lune SRL"));
    await page.waitForSelector(".title .state:has-text('claimed')");
    await act("Approve");
    await page.waitForSelector(".title .state:has-text('approved')");
    await act("Record payment", () => page.check("label:has-text('call credit') input"));
    await page.waitForSelector(".title .state:has-text('paid')");
    const claim = await api(ALFA, "/v1/claims/CL-000010");
    assert.deepEqual([claim.state, claim.amount.cents, claim.paid_by, claim.decision_reason], ["paid", 3000, "call_credit", "as agreed by telephone"]);
    await complain(page, "a paid claim");
    await page.context().close();
});

test("a tab that nobody looks at gives its stream back, and takes it up when it is seen again", async () => {
    const page = await tab(ALFA, { expected: ["ERR_ABORTED"] });
    const streams = [];
    page.on("request", (request) => request.url().endsWith("/v1/events") && streams.push("asked"));
    page.on("requestfailed", (request) => request.url().endsWith("/v1/events") && streams.push("given back"));
    await page.clock.install();
    await page.reload();
    await page.waitForSelector(".line-state:has-text('Live')");
    const hide = (hidden) => page.evaluate((yes) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => yes });
        document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
    streams.length = 0;
    await hide(true);
    await page.clock.fastForward(21_000);
    await eventually("the stream to end", async () => streams.includes("given back"));
    assert.equal(await page.textContent(".news"), "", "resting is not losing");
    await hide(false);
    await eventually("a stream anew", async () => streams.includes("asked"));
    await page.context().close();
});

test("a token is asked for, kept for the tab, and a refused one said; what was typed stays; a reader may look, not act", async () => {
    const hash = (text) => createHash("sha256").update(text).digest("hex");
    const daemon = await openDaemon(`operator = "ALFA"\ndb = "npod.db"\nclock = "manual@2026-03-02T09:00:00+01:00"\n[[member]]\ncode = "BRAVO"\n` +
        ["reader", "desk"].map((role) => `[[token]]\nname = "${role}-anna"\nrole = "${role}"\nsha256 = "${hash(`secret of ${role}`)}"\n`).join(""));
    const order = { order_id: "o-1", donor: "BRAVO", network: "fixed", numbers: ["+3225501100"], customer: { kind: "natural", name: "An Peeters" }, contract_id: "A-1", draft: true, location: { zone: "2" },
        mandate: { id: "M-1", titular: "An Peeters", signer: "An Peeters", channel: "paper", signed_at: "2026-03-01T10:00:00+01:00" } };
    const ordered = await fetch(`${daemon.url}/v1/port-ins`, { method: "POST", body: JSON.stringify(order),
        headers: { "Content-Type": "application/json", "Idempotency-Key": "o-1", Authorization: "Bearer secret of desk" } });
    assert.equal(ordered.status, 201, await ordered.text());

    const page = await tab(`${daemon.url}/#/ports/PI-000001`, { expected: ["401"] });
    const enter = async (token) => {
        await page.fill("input[type=password]", token);
        await page.click(".token button");
    };
    await page.waitForSelector("text=This daemon asks who you are");
    await complain(page, "token");
    await enter("a wrong one");
    await page.waitForSelector("text=The token is no longer accepted");
    await enter("secret of reader");
    await page.waitForSelector(".foot:has-text('reader-anna (reader)')");
    assert.match(await page.textContent(".foot"), /may look, not act/);
    await page.waitForSelector("#lines .state:has-text('draft')");
    assert.equal(await page.locator(".acts").count(), 0);
    await page.reload();
    await page.waitForSelector(".foot:has-text('reader-anna (reader)')");
    assert.equal(await page.locator(".token").count(), 0);
    assert.equal(await page.evaluate(() => JSON.stringify(localStorage).includes("secret")), false, "the token goes with the tab");

    // A token that ends while somebody types.
    await page.evaluate(() => sessionStorage.setItem("npod.token", "secret of desk"));
    await page.reload();
    await page.click(".acts button:has-text('Note')");
    await page.fill("#field-reason", "a long story");
    await page.evaluate(() => sessionStorage.setItem("npod.token", "one that ended"));
    await page.click(".panel button.main");
    await page.waitForSelector("text=The token is no longer accepted");
    assert.equal(await page.inputValue("#field-reason"), "a long story");
    await enter("secret of desk");
    await page.waitForSelector(".token", { state: "detached" });
    assert.equal(await page.inputValue("#field-reason"), "a long story");
    await page.click(".panel button.main");
    await page.waitForSelector(".will");
    await page.click(".panel button:has-text('Do it')");
    await page.waitForSelector("#timeline :text('a long story')");
    await page.context().close();
    await daemon.close();
});

test("what axe found, in figures", () => {
    const sum = (member) => judged.reduce((all, one) => all + one[member], 0);
    console.log(`axe ${axe.version}: ${judged.length} looks, ${sum("passed")} rules passed, ${sum("violations")} violations`);
    for (const { where, passed, violations } of judged) console.log(`  ${where}: ${passed} rules passed, ${violations} violations`);
    assert.ok(judged.length >= 2 * views.length);
    assert.equal(sum("violations"), 0);
});

test("no request left the origin, nothing broke the content security policy, nothing failed unseen", async () => {
    assert.ok(seen.requests > 100, `${seen.requests} requests were written down`);
    assert.deepEqual(seen.foreign, []);
    assert.deepEqual(seen.complaints, []);
    // The policy is there and forbids: a script put into the page from outside does not run, and is complained of.
    const page = await tab(ALFA);
    const ran = await page.evaluate(async () => {
        try {
            const script = document.createElement("script");
            script.textContent = "window.ranInline = true";
            document.body.append(script);
        } catch { /* trusted types refuse even that */ }
        const framed = await fetch("https://example.invalid/").then(() => true, () => false);
        return [window.ranInline === true, framed];
    });
    assert.deepEqual(ran, [false, false]);
    await page.context().close();
});

test("the page is light, kept by the browser, and wrapped in the headers it needs", async () => {
    const { request } = await import("node:http");
    const get = (target, headers) => new Promise((done, fail) => request(ALFA + target, { headers }, (answer) => {
        const pieces = [];
        answer.on("data", (piece) => pieces.push(piece)).on("end", () => done({ status: answer.statusCode, headers: answer.headers, bytes: Buffer.concat(pieces) }));
    }).on("error", fail).end());
    const gzip = { "accept-encoding": "gzip" };
    const first = await get("/", gzip);
    assert.equal(first.headers["x-content-type-options"], "nosniff");
    assert.equal(first.headers["x-frame-options"], "DENY");
    assert.match(first.headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(first.headers["content-security-policy"], /unsafe/);
    assert.equal((await get("/", { ...gzip, "if-none-match": first.headers.etag })).status, 304);
    const { gunzipSync } = await import("node:zlib");
    const names = [...gunzipSync(first.bytes).toString().matchAll(/\/assets\/[\w.-]+/g)].map((found) => found[0]);
    let weight = first.bytes.length;
    const told = [`/ ${weight}`];
    for (const name of names) {
        const file = await get(name, gzip);
        assert.match(file.headers["cache-control"], /immutable/);
        weight += file.bytes.length;
        told.push(`${name} ${file.bytes.length}`);
    }
    console.log(`page weight, compressed: ${(weight / 1024).toFixed(1)} kB (${told.join(", ")})`);
    assert.ok(weight < 60 * 1024, `${weight} bytes`);
    assert.equal((await get("/assets/app-OLD.js", gzip)).status, 404);
    assert.equal((await get("/", { "accept-encoding": "identity" })).status, 406);
});
