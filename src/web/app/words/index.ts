// The words of the chosen language. A text or a function missing in one of them does not compile.

import { useCell } from "../cell";
import { en } from "./en";
import { fr } from "./fr";
import { language, type Language } from "./language";
import { nl } from "./nl";
import type { Words } from "./shape";

export const catalogue: Record<Language, Words> = { en, nl, fr };

export function useWords(): Words {
    return catalogue[useCell(language)];
}

/** A state as people say it: "partly_refused" is "partly refused"; one that the page does not know yet is shown as it is. */
export function stateName(words: Words, state: string): string {
    const known = (words.states as Record<string, string>)[state];
    if (known !== undefined) return known;
    if (state.startsWith("partly_")) return words.partly(stateName(words, state.slice("partly_".length)));
    return state.replaceAll("_", " ");
}
