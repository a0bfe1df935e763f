// Which language the page speaks.

import { Cell, kept } from "../cell";

export type Language = "en" | "nl" | "fr";
export const languages: readonly Language[] = ["en", "nl", "fr"];

const store = kept("localStorage", "npod.language");
const known = (text: string | null | undefined): Language | undefined =>
    languages.find((one) => text?.toLowerCase().startsWith(one));

export const language = new Cell<Language>(
    known(store.read()) ?? known(globalThis.navigator?.language) ?? "en");

export function chooseLanguage(next: Language): void {
    store.write(next);
    language.set(next);
    document.documentElement.lang = next;
}
