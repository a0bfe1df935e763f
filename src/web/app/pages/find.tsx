// Everything known under a key; a single thing is opened at once.

import { useEffect } from "preact/hooks";

import { pathTo, Problem } from "../api";
import { useData } from "../data";
import { Trouble, Waiting } from "../parts";
import { linkToThing } from "../route";
import type { Found } from "../types";
import { useWords } from "../words";

/** Spaces, dots and slashes that people write into numbers; "0032" and "02" as a Belgian means them. */
export function keyOf(typed: string): string {
    const digits = typed.replace(/[\s./()-]/g, "");
    if (/^\+\d{6,}$/.test(digits)) return digits;
    if (/^00\d{6,}$/.test(digits)) return `+${digits.slice(2)}`;
    if (/^0[1-9]\d{6,8}$/.test(digits)) return `+32${digits.slice(1)}`;
    return typed.trim();
}

export function FindPage({ typed }: { typed: string }) {
    const words = useWords();
    const key = keyOf(typed);
    const found = useData<Found>(pathTo("find", key));
    const items = found.value?.items ?? [];
    // A number is more than the things it appears in: its own page tells of all of them.
    const only = items.length === 1 ? items[0] : items.find((item) => item.kind === "number" && item.id === key);
    useEffect(() => {
        if (only) location.replace(linkToThing(only.kind, only.id));
    }, [only?.id]);
    if (found.problem instanceof Problem && found.problem.status === 404)
        return <><h1>{key}</h1><p class="empty">{words.search.none}</p><Trouble problem={found.problem} /></>;
    if (!found.value) return <><h1>{key}</h1><Waiting data={found} /></>;
    return <><h1>{words.search.several(key)}</h1><table class="rows"><tbody>{items.map((item) =>
        <tr key={item.kind + item.id}><td>{(words.kinds as Record<string, string>)[item.kind] ?? item.kind}</td>
            <td><a class="row" href={linkToThing(item.kind, item.id)}>{item.id}</a></td></tr>)}</tbody></table></>;
}
