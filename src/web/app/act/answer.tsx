// The donor's decision, range by range: accept, refuse with every ground, or postpone.

import { rangeText } from "../parts";
import type { Line, Residue } from "../types";
import { useWords } from "../words";
import type { Words } from "../words/shape";
import { MomentField, moment, TextField } from "./fields";
import type { Fields, Filled } from "./panel";

interface Decision {
    first: string;
    last: string;
    does: "leave" | "accept" | "refuse" | "postpone";
    grounds: string[];
    /** "at" of an acceptance, "until" and "ground" of a postponement, "note". */
    fields: Fields;
    /** The rest of a range that was split, to be joined again. */
    splitFrom?: string | undefined;
}

/** What our own data say of each ground, range by range. */
export interface Eligibility { first: string; last: string; grounds: Eligible[] }
interface Eligible {
    code: string;
    admissible: boolean;
    /** Our own book gives this ground. */
    given?: boolean;
    needs_text?: boolean;
    why?: string;
}

const fresh = (first: string, last: string): Decision => ({ first, last, does: "leave", grounds: [], fields: {} });

/** Decisions kept with the draft, as long as they still speak of the lines that are open. */
function decisionsOf(fields: Fields, lines: Line[]): Decision[] {
    const held = fields.decisions as Decision[] | undefined;
    const covers = held && lines.every((line) => held.some((one) => one.first === line.first));
    return covers ? held : lines.map((line) => fresh(line.first, line.last));
}

export function AnswerForm({ lines, fields, set, eligible }:
    { lines: Line[]; fields: Fields; set: (some: Fields) => void; eligible?: Eligibility[] | undefined }) {
    const decisions = decisionsOf(fields, lines);
    const put = (index: number, ...instead: Decision[]) =>
        set({ decisions: decisions.flatMap((one, at) => at === index ? instead : [one]) });
    return <>{decisions.map((one, index) => <One key={one.first} decision={one} change={(...instead) => put(index, ...instead)}
        join={one.splitFrom === undefined ? undefined : () => set({ decisions: joined(decisions, index) })}
        eligible={eligible?.find((range) => range.first <= one.first && one.last <= range.last)} />)}</>;
}

/** The decision at `index` becomes part of the one before it again. */
const joined = (decisions: Decision[], index: number) =>
    decisions.map((one, at) => at === index - 1 ? { ...one, last: decisions[index]!.last } : one).filter((_, at) => at !== index);

function One({ decision, change, join, eligible }:
    { decision: Decision; change: (...instead: Decision[]) => void; join: (() => void) | undefined; eligible: Eligibility | undefined }) {
    const words = useWords(), text = words.act;
    const name = `decision-${decision.first}`;
    const set = (some: Fields) => change({ ...decision, fields: { ...decision.fields, ...some } });
    return <fieldset class="decision">
        <legend><span class="unseen">{text.decision("")}</span><span class="range">{rangeText(decision)}</span></legend>
        <div class="line">{(["leave", "accept", "refuse", "postpone"] as const).map((does) =>
            <label key={does} class="check"><input type="radio" name={name} value={does} checked={decision.does === does}
                onChange={() => change({ ...decision, does })} /> {text[does]}</label>)}
            <Split decision={decision} change={change} />
            {join && <button type="button" class="plain" onClick={join}>{text.join}</button>}
        </div>
        {decision.does === "accept" && <MomentField name="at" label={text.acceptAt} hint={text.acceptAtHint} fields={decision.fields} set={set} />}
        {decision.does === "refuse" && <Grounds decision={decision} change={change} eligible={eligible} />}
        {decision.does === "postpone" && <>
            <MomentField name="until" label={text.until} required fields={decision.fields} set={set} />
            <p class="field"><label>{text.ground} <select value={String(decision.fields.ground ?? "TECHNICAL")}
                onChange={(event) => set({ ground: event.currentTarget.value })}>{Object.entries(words.grounds).map(([code, meaning]) =>
                    <option key={code} value={code}>{code}: {meaning}</option>)}</select></label></p>
        </>}
        {(decision.does === "refuse" || decision.does === "postpone") && <TextField name="note" label={words.noteText} fields={decision.fields} set={set} />}
    </fieldset>;
}

/** Grounds that our book gives come first; what may not be used is said, and why: choosing it is refused by the daemon. */
function Grounds({ decision, change, eligible }: { decision: Decision; change: (instead: Decision) => void; eligible: Eligibility | undefined }) {
    const words = useWords();
    const of = (code: string) => eligible?.grounds.find((one) => one.code === code);
    const rank = (code: string) => of(code)?.given ? 0 : of(code)?.admissible === false ? 2 : 1;
    const grounds = Object.entries(words.grounds).sort(([one], [other]) => rank(one) - rank(other));
    const toggle = (code: string, on: boolean) =>
        change({ ...decision, grounds: on ? [...decision.grounds, code] : decision.grounds.filter((one) => one !== code) });
    return <fieldset class="grounds"><legend>{words.act.grounds}</legend>{grounds.map(([code, meaning]) => {
        const known = of(code), not = known?.admissible === false;
        return <label key={code} class={`check ${not ? "inadmissible" : ""}`}>
            <input type="checkbox" value={code} checked={decision.grounds.includes(code)} onChange={(event) => toggle(code, event.currentTarget.checked)} />
            <span><b>{code}</b> {meaning} {known?.needs_text && !not && <i>{words.act.needsText} </i>}
                {(not || known?.given) && <i>{not ? words.act.inadmissible : words.act.given}: {known?.why}</i>}</span></label>;
    })}</fieldset>;
}

// --------------------------------------------------------------------------------------------------------------- fates

/** A number or a service of the contract of which nobody has said what becomes of it. */
export type Unstated = { first: string; last: string } | { service: string };

export const unstatedIn = (residue: Residue | undefined): Unstated[] => residue === undefined ? [] : [residue, ...residue.others ?? []].flatMap((one) => [
    ...one.numbers.filter((range) => range.fate === "unstated").map(({ first, last }) => ({ first, last })),
    ...(one.services ?? []).filter((service) => service.fate === "unstated").map(({ name }) => ({ service: name })),
]);

const nameOf = (item: Unstated) => "service" in item ? item.service : rangeText(item);
const fatesOf = (fields: Fields) => (fields.fates ?? {}) as Record<string, "keep" | "cancel">;

/** Numbers may not leave before each of the rest has a fate. */
export function Fates({ unstated, fields, set }: { unstated: Unstated[]; fields: Fields; set: (some: Fields) => void }) {
    const words = useWords();
    if (unstated.length === 0) return null;
    return <fieldset class="decision"><legend>{words.act.fates}</legend>{unstated.map((item) => {
        const name = nameOf(item);
        return <p key={name} class="line"><span class="range">{name}</span>{(["keep", "cancel"] as const).map((fate) =>
            <label key={fate} class="check"><input type="radio" name={`fate-${name}`} value={fate} checked={fatesOf(fields)[name] === fate}
                onChange={() => set({ fates: { ...fatesOf(fields), [name]: fate } })} /> {words.port.fates[fate]}</label>)}</p>;
    })}</fieldset>;
}

// ------------------------------------------------------------------------------------------------------------ splitting

const valueOf = (number: string) => Number(number.replace(/[^0-9]/g, ""));
const before = (number: string) => "+" + String(valueOf(number) - 1).padStart(number.length - 1, "0");

function Split({ decision, change }: { decision: Decision; change: (...instead: Decision[]) => void }) {
    const words = useWords(), text = words.act;
    if (decision.first === decision.last) return null;
    const at = decision.fields.splitAt;
    const set = (value: string | undefined) => change({ ...decision, fields: { ...decision.fields, splitAt: value } });
    if (typeof at !== "string") return <button type="button" class="plain" onClick={() => set(decision.last)}>{text.split}</button>;
    const second = at.replace(/\s/g, "");
    const fits = /^\+\d+$/.test(second) && valueOf(second) > valueOf(decision.first) && valueOf(second) <= valueOf(decision.last);
    const split = () => change({ ...decision, last: before(second), fields: { ...decision.fields, splitAt: undefined } },
        { ...fresh(second, decision.last), splitFrom: decision.first });
    return <span class="line"><label>{text.splitAt} <input type="text" inputMode="tel" value={at} aria-invalid={!fits}
        onInput={(event) => set(event.currentTarget.value)} /></label>
        {fits ? <button type="button" onClick={split}>{text.splitDo}</button> : <span class="bad">{text.splitWrong(decision.first, decision.last)}</span>}</span>;
}

// ------------------------------------------------------------------------------------------------------------- the body

/** The body of POST …/answer; or what is missing. */
export function answerBody(fields: Fields, lines: Line[], unstated: Unstated[], words: Words): Filled {
    const decided = decisionsOf(fields, lines).filter((one) => one.does !== "leave");
    const fates = unstated.filter((item) => fatesOf(fields)[nameOf(item)]).map((item) => ({ ...item, fate: fatesOf(fields)[nameOf(item)] }));
    if (decided.length + fates.length === 0) return { missing: words.act.noDecision };
    const bodies = [];
    for (const one of decided) {
        const note = typeof one.fields.note === "string" && one.fields.note.trim() !== "" ? { note: one.fields.note.trim() } : {};
        const numbers = [{ first: one.first, last: one.last }];
        if (one.does === "refuse" && one.grounds.length === 0) return { missing: `${rangeText(one)}: ${words.act.groundsMissing}` };
        const until = moment(one.fields, "until"), at = moment(one.fields, "at");
        if (one.does === "postpone" && !until) return { missing: `${rangeText(one)}: ${words.act.untilMissing}` };
        bodies.push(one.does === "accept" ? { numbers, accept: at ? { at } : true }
            : one.does === "refuse" ? { numbers, refuse: { grounds: one.grounds }, ...note }
                : { numbers, postpone: { until, ground: one.fields.ground ?? "TECHNICAL" }, ...note });
    }
    const said = { ...(bodies.length > 0 ? { decisions: bodies } : {}), ...(fates.length > 0 ? { fates } : {}) };
    return { body: { ...said, reason: String(fields.reason).trim() } };
}
