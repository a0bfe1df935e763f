// The shape that every language fills: English gives it.

import type { en } from "./en";

type Wide<Part> = Part extends string ? string
    : Part extends (...given: infer Given) => string ? (...given: Given) => string
        : Part extends string[][] ? string[][]
            : { [Key in keyof Part]: Wide<Part[Key]> };

export type Words = Wide<typeof en>;
