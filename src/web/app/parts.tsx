// Small things that every view shows in the same way.

import type { ComponentChildren } from "preact";

import { Problem, Unreachable } from "./api";
import { useCell } from "./cell";
import type { Data } from "./data";
import { now, seconds, status, zone } from "./live";
import { linkTo } from "./route";
import { dateText, offsetMinutes, offsetText, spanText, workingText } from "./time";
import type { Money, Rule } from "./types";
import { urgencyOf, type Urgency } from "./turn";
import { stateName, useWords } from "./words";
import { language } from "./words/language";
import type { Words } from "./words/shape";

/** A moment in the rulebook's zone; its offset is shown where asked, and always in what a pointer or a reader finds. */
export function When({ at, offset = false }: { at?: string | undefined; offset?: boolean }) {
    useCell(status);
    if (!at) return null;
    const shift = offsetText(offsetMinutes(Date.parse(at), zone()));
    const text = dateText(at, zone());
    return <time dateTime={at} title={`${text} ${shift} (${zone()})`}>{text}{offset && <span class="offset"> {shift}</span>}</time>;
}

const marks: Record<Urgency, string> = { late: "▲", soon: "◆", today: "●", calm: "○", none: "–" };

/** Time left until a deadline: by the clock as it runs, and in working time as the daemon last counted it. */
export function Left({ due, workingLeft, state, long = false }:
    { due?: string | undefined; workingLeft?: number | undefined; state: string; long?: boolean }) {
    const words = useWords();
    useCell(seconds);
    useCell(status);
    if (!due) return <span class="left none">{words.left.none}</span>;
    const left = Date.parse(due) - now();
    const urgency = urgencyOf(left, workingLeft, state);
    if (left <= 0)
        return <span class={`left ${urgency}`}><Mark urgency={urgency} />{words.left.late(spanText(left))}</span>;
    const label = urgency === "none" ? "" : words.left.urgency[urgency];
    return <span class={`left ${urgency}`} title={label}>
        <Mark urgency={urgency} label={urgency === "late" ? "" : label} />
        {urgency === "late" && <>{label} · </>}
        {workingLeft === undefined ? spanText(left) : long ? words.left.working(workingText(workingLeft)) : workingText(workingLeft)}
        {long && workingLeft !== undefined && <span class="quiet"> · {words.left.wall(spanText(left))}</span>}
    </span>;
}

export function Mark({ urgency, label }: { urgency: Urgency; label?: string }) {
    return <><span class="mark" aria-hidden="true">{marks[urgency]}</span>{label && <span class="unseen">{label}: </span>}</>;
}

export function State({ state, settled }: { state: string; settled?: boolean }) {
    const words = useWords();
    return <span class={`state ${toneOf(state, settled)}`}>{stateName(words, state)}</span>;
}

function toneOf(state: string, settled = false): string {
    if (state.endsWith("_overdue") || state === "disputed" || state === "reactivating") return "bad";
    if (["completed", "executed", "paid", "in_service", "active"].includes(state)) return "good";
    if (["refused", "rejected", "bounced"].includes(state)) return "no";
    return settled || ["cancelled", "lapsed", "closed", "not_due", "ended", "expired"].includes(state) ? "over" : "";
}

/** "12,00 EUR" in Dutch and French, "12.00 EUR" in English. */
export function money(sum: Money): string {
    const text = `${(sum.cents / 100).toFixed(2)} ${sum.currency}`;
    return language.value === "en" ? text : text.replace(".", ",");
}

/** "+3225501100..+3225501107", or the one number. */
export const rangeText = (range: { first: string; last: string }) =>
    range.first === range.last ? range.first : `${range.first}..${range.last}`;

/** A range whose first number leads to its page. */
export function Range({ first, last, count }: { first: string; last: string; count?: number }) {
    return <span class="range">
        <a href={linkTo("numbers", first)}>{first}</a>{first !== last && <>..<wbr />{last}</>}{count !== undefined && count > 1 && <span class="quiet"> ({count})</span>}
    </span>;
}

/** What is shown before there is anything, or when there is nothing. Nothing for half a second: most answers come at once. */
export function Waiting({ data }: { data: Data<unknown> }) {
    const words = useWords();
    if (data.problem) return <Trouble problem={data.problem} />;
    return data.slow ? <p class="quiet" role="status">{words.loading}…</p> : null;
}

/** Why something was not done or cannot be shown, with every reason and what to do next. */
export function Trouble({ problem }: { problem: Error }) {
    const words = useWords();
    if (problem instanceof Unreachable) return null; // the connection's own line says it
    const reasons = problem instanceof Problem ? problem.problems : [];
    return <div class="trouble" role="alert">
        {reasons.length === 0 && <p>{problem.message}</p>}
        {reasons.map((one) => <p>{one.ground && <b>{one.ground} </b>}{one.detail}{one.next && <><br /><span class="quiet">{words.act.next}: {one.next}</span></>}</p>)}
    </div>;
}

/** Terms and what they mean here; what has no value is left out. */
export function Facts({ facts }: { facts: [string, ComponentChildren][] }) {
    const present = facts.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
    return <dl class="facts">{present.map(([name, value]) => <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}</dl>;
}

export function Section({ title, id, children, aside }:
    { title: string; id: string; children: ComponentChildren; aside?: ComponentChildren }) {
    return <section aria-labelledby={`${id}-title`} id={id} class="part">
        <header><h2 id={`${id}-title`}>{title}</h2>{aside}</header>
        {children}
    </section>;
}

/** "2 working days", "5.00 EUR". */
export function valueOf(words: Words, rule: Rule): string {
    const unit = (words.units as Record<string, string>)[rule.unit] ?? rule.unit.replaceAll("_", " ");
    return `${rule.value} ${unit}`.trim();
}

/** How sure a legal value is; what we only assume is marked, not only coloured. */
export function Standing({ standing }: { standing: string | undefined }) {
    const words = useWords();
    if (!standing) return null;
    const text = (words.standing as Record<string, string>)[standing] ?? standing;
    return <span class={`standing ${standing}`}>{standing === "assumed" ? "≈ " : ""}{text}</span>;
}
