// The fields of which forms are made.

import type { ComponentChildren } from "preact";

import { now, zone } from "../live";
import { rangeText } from "../parts";
import { dateText, fromWallTime, offsetMinutes, offsetText, wallText, wallTime } from "../time";
import type { Line } from "../types";
import { useWords } from "../words";
import type { Fields } from "./panel";

export const text = (fields: Fields, name: string) => typeof fields[name] === "string" ? (fields[name] as string).trim() : "";

/** The moment in a field for dates and times, as RFC 3339 with the offset of the rulebook's zone. */
export const moment = (fields: Fields, name: string) => fromWallTime(text(fields, name), zone());

interface FieldProps { name: string; label: string; fields: Fields; set: (some: Fields) => void; hint?: string; required?: boolean }

export function TextField({ name, label, fields, set, hint, required }: FieldProps) {
    const id = `field-${name}`;
    return <p class="field"><label for={id}>{label}</label>
        <input id={id} type="text" value={String(fields[name] ?? "")} aria-required={required} aria-describedby={hint && `${id}-hint`}
            onInput={(event) => set({ [name]: event.currentTarget.value })} />
        {hint && <span class="quiet hint" id={`${id}-hint`}>{hint}</span>}</p>;
}

export function Reason({ fields, set }: Pick<FieldProps, "fields" | "set">) {
    const words = useWords();
    return <p class="field"><label for="field-reason">{words.act.reason}</label>
        <textarea id="field-reason" aria-required rows={2} value={String(fields.reason ?? "")} aria-describedby="field-reason-hint"
            onInput={(event) => set({ reason: event.currentTarget.value })} />
        <span class="quiet hint" id="field-reason-hint">{words.act.reasonHint}</span></p>;
}

/** A date and time of the rulebook's zone; which zone, and its offset then, stand beside it. */
export function MomentField({ name, label, fields, set, hint, required }: FieldProps) {
    const words = useWords();
    const id = `field-${name}`;
    const chosen = moment(fields, name);
    const offset = offsetText(offsetMinutes(chosen ? Date.parse(chosen) : now(), zone()));
    // Browsers show dates in their own way: what was chosen is said once more, in the page's.
    const meant = chosen ? `${dateText(chosen, zone())} ${offset}, ${zone()}` : words.act.zoneHint(`${zone()} ${offset}`);
    return <p class="field"><label for={id}>{label}</label>
        <input id={id} type="datetime-local" value={String(fields[name] ?? "")} min={wallText(wallTime(0, zone()))} aria-required={required}
            aria-describedby={`${id}-hint`} onInput={(event) => set({ [name]: event.currentTarget.value })} />
        <span class="quiet hint" id={`${id}-hint`}>{meant}{chosen ? "" : hint && `. ${hint}`}</span></p>;
}

export function Check({ name, label, fields, set }: Pick<FieldProps, "name" | "label" | "fields" | "set">) {
    return <p class="field"><label class="check"><input type="checkbox" checked={fields[name] === true}
        onChange={(event) => set({ [name]: event.currentTarget.checked })} /> {label}</label></p>;
}

export function Choice({ name, label, options, fields, set }: Pick<FieldProps, "name" | "label" | "fields" | "set"> & { options: [string, ComponentChildren][] }) {
    return <fieldset class="field"><legend>{label}</legend>{options.map(([value, shown]) =>
        <label key={value} class="check"><input type="radio" name={name} checked={fields[name] === value}
            onChange={() => set({ [name]: value })} /> {shown}</label>)}</fieldset>;
}

/** Which lines it is about; nothing is asked when there is but one. */
export function LinesField({ lines, fields, set }: Pick<FieldProps, "fields" | "set"> & { lines: Line[] }) {
    const words = useWords();
    if (lines.length < 2) return null;
    const left = (fields.without as number[] | undefined) ?? [];
    const toggle = (no: number, on: boolean) => set({ without: on ? left.filter((one) => one !== no) : [...left, no] });
    return <fieldset class="field"><legend>{words.act.numbersOf}</legend>{lines.map((line) =>
        <label key={line.no} class="check"><input type="checkbox" checked={!left.includes(line.no)}
            onChange={(event) => toggle(line.no, event.currentTarget.checked)} /> <span class="range">{rangeText(line)}</span></label>)}</fieldset>;
}

/** The chosen lines as the API takes numbers; nothing when it is all of them. */
export function chosenNumbers(lines: Line[], fields: Fields): { numbers?: { first: string; last: string }[] } {
    const left = (fields.without as number[] | undefined) ?? [];
    const chosen = lines.filter((line) => !left.includes(line.no));
    if (chosen.length === lines.length) return {};
    return { numbers: chosen.map(({ first, last }) => ({ first, last })) };
}
