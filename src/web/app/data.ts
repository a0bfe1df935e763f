// What a view shows: asked for when it appears and again whenever something changed; the old stays until the new is there.

import { useEffect, useState } from "preact/hooks";

import { access, ask, Problem } from "./api";
import { useCell } from "./cell";
import { changes } from "./live";
import { language } from "./words/language";

export interface Data<Answer> {
    value?: Answer;
    /** Why there is none, or no newer one. */
    problem?: Error;
    /** Asked for so long that a word about it is due. */
    slow?: boolean;
}

/** The answer to GET `path`; nothing is asked without a path. */
export function useData<Answer>(path: string | undefined): Data<Answer> {
    const round = useCell(changes), words = useCell(language), way = useCell(access);
    const [held, hold] = useState<Data<Answer> & { path?: string }>({});
    useEffect(() => {
        if (path === undefined || way !== "open") return;
        const stop = new AbortController();
        const patience = window.setTimeout(() => hold((old) => old.path === path ? old : { slow: true, path }), 500);
        ask<Answer>(path, stop.signal)
            .then((value) => hold({ value, path }))
            .catch((problem: Error) => {
                if (stop.signal.aborted) return;
                // What is gone is gone; what could not be reached stays as it was known.
                hold((old) => problem instanceof Problem || old.path !== path ? { problem, path } : { ...old, problem });
            })
            .finally(() => window.clearTimeout(patience));
        return () => {
            window.clearTimeout(patience);
            stop.abort();
        };
    }, [path, round, words, way]);
    return held.path === path ? held : {};
}
