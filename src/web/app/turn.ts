// Whose turn it is, how urgent, and what the customer hears.

import { dateText } from "./time";
import type { Line, Port, PortSummary } from "./types";
import { stateName } from "./words";
import type { Words } from "./words/shape";

type Sides = { role: "port_in" | "port_out"; donor: string; recipient: string };

/** Whether the owner of a deadline of this port is we ourselves: our desk, our network, or we in our role. */
export function isOurs(owner: string | undefined, port: Sides): boolean {
    if (owner === "desk" || owner === "network") return true;
    return owner === (port.role === "port_in" ? "recipient" : "donor");
}

/** The owner as a clerk says it: "us", "BRAVO", "interchange". */
export function turnName(words: Words, owner: string, port?: Sides): string {
    if (port && (owner === "donor" || owner === "recipient"))
        return isOurs(owner, port) ? words.turn.us : port[owner];
    return (words.turn as Record<string, string>)[owner] ?? owner;
}

/** Who is on the other side. */
export const counterpartOf = (port: Sides) => port.role === "port_in" ? port.donor : port.recipient;

export type Urgency = "late" | "soon" | "today" | "calm" | "none";
const hour = 3600_000;

/** By working time left: under four hours is urgent, under a working day of ten hours is near. */
export function urgencyOf(leftMs: number | undefined, workingLeftMs: number | undefined, state: string): Urgency {
    if (leftMs === undefined) return "none";
    if (leftMs <= 0 || state.endsWith("_overdue") || state === "disputed") return "late";
    const working = workingLeftMs ?? leftMs;
    return working < 4 * hour ? "soon" : working < 10 * hour ? "today" : "calm";
}

const ranks: Record<Urgency, number> = { late: 0, soon: 1, today: 2, calm: 3, none: 4 };

/** The most urgent first; of equals the one with more money at risk, then the older. */
export function byUrgency(one: PortSummary, other: PortSummary): number {
    const rank = (port: PortSummary) => ranks[urgencyOf(port.left_ms, port.working_left_ms, port.state)];
    const left = (port: PortSummary) => port.working_left_ms ?? Number.MAX_SAFE_INTEGER;
    const risk = (port: PortSummary) => port.compensation?.per_day?.cents ?? 0;
    return rank(one) - rank(other) || left(one) - left(other) || risk(other) - risk(one) || one.id.localeCompare(other.id);
}

/** What a clerk may tell the customer of this port now: one sentence, or one for each part that stands otherwise. */
export function tellCustomer(words: Words, port: Port, zone: string): { about: Line[]; sentence: string }[] {
    const parts = new Map<string, Line[]>();
    for (const line of port.lines) {
        const sentence = sentenceFor(words, port, line, zone);
        parts.set(sentence, [...parts.get(sentence) ?? [], line]);
    }
    return [...parts].map(([sentence, about]) => ({ about, sentence }));
}

function sentenceFor(words: Words, port: Port, line: Line, zone: string): string {
    const tell = words.tell;
    const by = dateText(port.deadlines.find((one) => one.line === line.no)?.due ?? "", zone);
    switch (line.state) {
    case "awaiting_answer":
    case "answer_announced_late": return tell.awaiting_answer(by);
    case "postponed": return port.role === "port_in" ? tell.postponed(by) : tell.validating(by);
    case "scheduled": return tell.scheduled(dateText(line.agreed_at ?? "", zone));
    case "reactivating": return tell.activation_overdue;
    case "completed": return tell.completed(dateText(line.effective_at ?? "", zone));
    case "validating":
    case "answer_delayed": return tell.validating(by);
    case "executed": return tell.executed(dateText(line.effective_at ?? "", zone));
    }
    if (port.role === "port_out" && line.state in words.tellDonor)
        return (words.tellDonor as Record<string, string>)[line.state]!;
    const plain: unknown = (tell as Record<string, unknown>)[line.state];
    return typeof plain === "string" ? plain : stateName(words, line.state);
}
