// What the page reckons by itself: zones, spans, the stream, the drawing, the keys of search, and its words.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { tmpdir } from "node:os";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const web = process.env.NPOD_WEB, app = path.join(process.env.NPOD_SOURCE, "src/web/app");
const { build } = createRequire(path.join(web, "package.json"))("esbuild");
let folder, page;

before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "npod-web-"));
    const outfile = path.join(folder, "page.mjs");
    const parts = ["time", "sse", "layout", "turn", "pages/find", "words/index", "words/language", "pages/operators"];
    await build({
        stdin: { contents: parts.map((part) => `export * from "./${part}";`).join("\n"), resolveDir: app },
        bundle: true, format: "esm", outfile, nodePaths: [path.join(web, "node_modules")], jsx: "automatic", jsxImportSource: "preact",
    });
    page = await import(pathToFileURL(outfile));
    page.language.set("en");
});
after(() => rmSync(folder, { recursive: true }));

const brussels = "Europe/Brussels";

test("a wall time of the rulebook's zone becomes the moment it means", () => {
    const at = (text) => page.fromWallTime(text, brussels);
    assert.equal(at("2026-04-07T18:00"), "2026-04-07T18:00:00+02:00"); // summer
    assert.equal(at("2026-01-07T18:00"), "2026-01-07T18:00:00+01:00"); // winter
    // On Sunday 29 March 2026 the clocks go from 02:00 to 03:00: 02:30 is no time, and read as the first moment after the gap.
    assert.equal(at("2026-03-29T02:30"), "2026-03-29T03:00:00+02:00");
    // On Sunday 25 October 2026 they go from 03:00 back to 02:00: 02:30 comes twice, and the earlier one is meant.
    assert.equal(at("2026-10-25T02:30"), "2026-10-25T02:30:00+02:00");
    assert.equal(at("2026-10-25T03:00"), "2026-10-25T03:00:00+01:00");
    assert.equal(at("tomorrow"), undefined);
    assert.equal(page.fromWallTime("2026-04-07T18:00", "America/New_York"), "2026-04-07T18:00:00-04:00");
});

test("moments are shown in the zone they are told in, in three languages", () => {
    assert.equal(page.dateText("2026-04-07T16:00:00Z", brussels), "Tue 7 Apr 2026 18:00");
    page.language.set("nl");
    assert.equal(page.dateText("2026-04-07T16:00:00Z", brussels), "di 7 apr 2026 18:00");
    page.language.set("fr");
    assert.equal(page.dateText("2026-04-07T16:00:00Z", brussels), "mar 7 avr. 2026 18:00");
    assert.equal(page.spanText(26 * 3600_000), "1 j 2 h");
    page.language.set("en");
    assert.equal(page.dayText("2026-05-01"), "Fri 1 May");
    assert.equal(page.dateText("nonsense", brussels), "");
});

test("spans are told by their two greatest units, working time in hours", () => {
    assert.equal(page.spanText(56 * 3600_000), "2 d 8 h");
    assert.equal(page.spanText(3 * 3600_000 + 20 * 60_000 + 59_000), "3 h 20 min");
    assert.equal(page.spanText(45_000), "45 s");
    assert.equal(page.spanText(9 * 60_000 + 5_000), "9 min 5 s");
    assert.equal(page.spanText(30 * 60_000 + 5_000), "30 min");
    assert.equal(page.spanText(-2 * 86400_000), "2 d");
    assert.equal(page.spanText(0), "0 min");
    assert.equal(page.workingText(28 * 3600_000), "28 h");
    assert.equal(page.workingText(3 * 3600_000 + 20 * 60_000), "3 h 20 min");
    assert.equal(page.workingText(59 * 60_000), "59 min");
});

test("events of a stream are whole, however the bytes were cut", () => {
    const text = "retry: 3000\n\n:\n\nid: 17.1\nevent: a\ndata: {\"x\":\ndata: 1}\n\nid: 18.1\r\ndata: two\r\n\r\n";
    const expected = [{ id: "17.1", type: "a", data: "{\"x\":\n1}" }, { id: "18.1", type: "", data: "two" }];
    for (let size = 1; size <= text.length; ++size) {
        const seen = [];
        const reader = new page.EventReader((event) => seen.push(event));
        for (let at = 0; at < text.length; at += size) reader.take(text.slice(at, at + size));
        assert.deepEqual(seen, expected, `cut every ${size}`);
    }
});

test("a drawing has every state once, none upon another, within the paper", () => {
    const states = ["a", "b", "c", "d", "e", "f", "lost"].map((name) => ({ name, kind: "waiting" })).concat([{ name: "z", kind: "settled" }]);
    const row = (from, to) => ({ in: from, on: "e", when: "always", go_to: to, stays: false, actions: [] });
    const machine = { name: "m", initial: "a", states, events: [],
        rows: [row("a", "b"), row("a", "c"), row("a", "d"), row("a", "e"), row("b", "f"), row("f", "a"), row("f", "z"), row("b", "b"), { ...row("c", "d"), stays: true }] };
    const { spots, edges, width, height } = page.layOut(machine);
    assert.equal(spots.size, states.length);
    assert.equal(edges.length, 7); // neither to itself nor where it stays
    const all = [...spots.values()];
    for (const one of all) {
        assert.ok(one.x >= 0 && one.x + page.box.width <= width && one.y >= 0 && one.y + page.box.height <= height, one.name);
        for (const other of all)
            assert.ok(one === other || Math.abs(one.x - other.x) >= page.box.width || Math.abs(one.y - other.y) >= page.box.height, `${one.name} ${other.name}`);
    }
    assert.ok(spots.get("b").y > spots.get("a").y && spots.get("f").y > spots.get("b").y && spots.get("z").y > spots.get("f").y);
});

test("search takes numbers as people write them", () => {
    for (const typed of ["+32 2 550 11 00", "0032 2 550.11.00", "02/550 11 00", "(02) 550-11-00"])
        assert.equal(page.keyOf(typed), "+3225501100", typed);
    assert.equal(page.keyOf(" horta-1 "), "horta-1");
    assert.equal(page.keyOf("PI-000001"), "PI-000001");
});

test("whose turn and how urgent", () => {
    const port = { role: "port_in", donor: "BRAVO", recipient: "ALFA" };
    assert.equal(page.turnName(page.catalogue.en, "donor", port), "BRAVO");
    assert.equal(page.turnName(page.catalogue.en, "recipient", port), "us");
    assert.equal(page.isOurs("donor", { ...port, role: "port_out" }), true);
    const hour = 3600_000;
    assert.equal(page.urgencyOf(-1, 0, "awaiting_answer"), "late");
    assert.equal(page.urgencyOf(hour, hour, "answer_overdue"), "late"); // a reminder runs, but the law's deadline is over
    assert.equal(page.urgencyOf(60 * hour, 3 * hour, "scheduled"), "soon"); // a week-end lies between
    assert.equal(page.urgencyOf(60 * hour, 9 * hour, "scheduled"), "today");
    assert.equal(page.urgencyOf(60 * hour, 28 * hour, "scheduled"), "calm");
    assert.equal(page.urgencyOf(undefined, undefined, "completed"), "none");
    const due = (id, left, cents) => ({ id, state: "s", left_ms: left, working_left_ms: left, compensation: { per_day: { cents } } });
    const sorted = [due("C", 30 * hour, 5), due("B", 30 * hour, 9), due("A", hour, 0), due("D", -hour, 0)].sort(page.byUrgency);
    assert.deepEqual(sorted.map((one) => one.id), ["D", "A", "B", "C"]);
});

test("a counterpart that is silent or in trouble is seen", () => {
    assert.equal(page.isIll({ code: "BRAVO", queued: 0, unconfirmed: 0 }), false);
    assert.equal(page.isIll({ code: "BRAVO", queued: 2, oldest_queued_at: "2026-03-02T08:00:00Z" }), false); // on its way
    assert.equal(page.isIll({ code: "BRAVO", stream: "broken" }), true);
    assert.equal(page.isIll({ code: "BRAVO", failing_since: "2026-03-02T08:00:00Z" }), true);
    assert.equal(page.isIll({ code: "BRAVO", trouble: "connection refused" }), true);
});

test("Dutch and French say everything, in words of their own", () => {
    // Texts of English that are the same word in another language, or no word at all.
    const samely = /^(Dossier|Contract|Radar|Claims?|Note|Version|Live|Token|Product|Order|Source|Total|Status|contract|Port|Moment|Open|Cause|Message|Type|urgent|radar|claims|in|desk|Operator|EUR||portable|final|j  k|Enter|Esc|g .|[/?a])$/;
    const same = [];
    const walk = (en, other, where) => {
        for (const [key, value] of Object.entries(en)) {
            const said = other[key], at = `${where}.${key}`;
            assert.equal(typeof said, typeof value, at);
            if (typeof value === "object") walk(value, said, at);
            else if (typeof value === "function") {
                const text = value("1", "2", "3"); // some are marks only
                if (/[a-z]{2}/i.test(text)) assert.notEqual(said("1", "2", "3"), text, at);
            }
            else {
                assert.equal(said.trim() === "", value === "", at);
                if (!samely.test(value) && said === value) same.push(`${at}: ${value}`);
            }
        }
    };
    for (const name of ["nl", "fr"]) walk(page.catalogue.en, page.catalogue[name], name);
    assert.deepEqual(same, []);
});
