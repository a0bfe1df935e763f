// Something a person does: fill in, see what it will do, then do it. What was typed survives a lost daemon, a new token and a
// reload of the page.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { change, newKey, Problem, Unreachable } from "../api";
import { Cell, kept } from "../cell";
import { refresh } from "../live";
import { Trouble } from "../parts";
import { useWords } from "../words";

export type Fields = Record<string, unknown>;
/** What to send; or what is missing, in words. */
export type Filled = { body: unknown } | { missing: string };

export interface Act {
    /** "answer", "cancel": names the draft. */
    name: string;
    title: string;
    path: string;
    /** Fields and how to change some of them. */
    form: (fields: Fields, set: (some: Fields) => void) => ComponentChildren;
    fill: (fields: Fields) => Filled;
}

interface Draft { act: string; fields: Fields }
const store = (thing: string) => kept("sessionStorage", `npod.draft.${thing}`);

/** The act that was being prepared for a thing when the page was left. */
export function draftOf(thing: string): Draft | undefined {
    try {
        return JSON.parse(store(thing).read() ?? "null") as Draft | null ?? undefined;
    } catch {
        return undefined;
    }
}

export const keepDraft = (thing: string, draft: Draft | undefined) => store(thing).write(draft ? JSON.stringify(draft) : null);

/** Said once, to eyes and ears, when something was done. */
export const done = new Cell("");

type Step = { at: "form" } | { at: "shown"; after: unknown; version: number | undefined };

interface PanelProps<Thing> {
    thing: string;
    /** What the person sees; nothing for something that has no version of its own. */
    version: number | undefined;
    act: Act;
    close: () => void;
    /** What will be different, in words, given what the thing would become. */
    describe: (after: Thing) => ComponentChildren;
}

/** What was typed, and the way it goes: shown first, then done. */
function usePreparing({ thing, version, act, close }: Omit<PanelProps<unknown>, "describe">) {
    const words = useWords();
    const [found] = useState(() => draftOf(thing));
    const [fields, setFields] = useState<Fields>(found?.act === act.name ? found.fields : {});
    const [step, go] = useState<Step>({ at: "form" });
    const [missing, tellMissing] = useState("");
    const [trouble, tell] = useState<Error | undefined>();
    const [busy, setBusy] = useState(false);
    const key = useRef({ body: "", key: "" });

    const set = (some: Fields) => {
        const next = { ...fields, ...some };
        setFields(next);
        keepDraft(thing, { act: act.name, fields: next });
        go({ at: "form" });
        tellMissing("");
    };
    /** The same body keeps its key, so that asking again after a lost answer does nothing twice. */
    const keyFor = (body: unknown) => {
        const text = JSON.stringify(body);
        if (key.current.body !== text) key.current = { body: text, key: newKey() };
        return key.current.key;
    };
    const leave = () => {
        keepDraft(thing, undefined);
        close();
    };
    const ask = async (body: unknown) => {
        const own = keyFor(body), dryRun = step.at === "form";
        const seen = step.at === "shown" ? step.version : version;
        const after = await change<unknown>({ path: act.path, body, key: dryRun ? `${own}-shown` : own, version: seen }, dryRun);
        if (dryRun) return go({ at: "shown", after, version: seen });
        done.set(words.act.didIt);
        leave();
        await refresh();
    };
    const send = async () => {
        const filled = act.fill(fields);
        if ("missing" in filled) return tellMissing(filled.missing);
        setBusy(true);
        tell(undefined);
        await ask(filled.body).catch(async (problem) => {
            if (!(problem instanceof Problem || problem instanceof Unreachable)) throw problem;
            tell(problem);
            if (problem instanceof Problem) go({ at: "form" });
            if (problem instanceof Problem && problem.status === 412) await refresh();
        }).finally(() => setBusy(false));
    };
    const wasKept = found?.act === act.name && Object.keys(found.fields).length > 0;
    return { fields, set, step, back: () => go({ at: "form" }), missing, trouble, busy, send, leave, wasKept };
}

export function Panel<Thing>(props: PanelProps<Thing>) {
    const words = useWords();
    const { act, describe } = props;
    const { fields, set, step, back, missing, trouble, busy, send, leave, wasKept } = usePreparing(props);
    const heading = useRef<HTMLHeadingElement>(null), confirm = useRef<HTMLButtonElement>(null);
    useEffect(() => heading.current?.focus(), [act.name]);
    useEffect(() => { if (step.at === "shown") confirm.current?.focus(); }, [step.at]);

    const submit = (event: Event) => {
        event.preventDefault();
        void send();
    };
    return <form class="panel" onSubmit={submit} aria-labelledby="act-title" noValidate
        onKeyDown={(event) => { if (event.key === "Escape" && Object.keys(fields).length === 0) leave(); }}>
        <h2 id="act-title" tabIndex={-1} ref={heading}>{act.title}</h2>
        {wasKept && step.at === "form" && <p class="quiet">{words.act.draftKept}</p>}
        {act.form(fields, set)}
        {missing && <p class="bad" role="alert">{missing}</p>}
        {trouble && <NotDone trouble={trouble} />}
        {step.at === "shown" && <div class="will" role="status"><h3>{words.act.will}</h3>{describe(step.after as Thing)}</div>}
        <p class="line">
            {step.at === "form"
                ? <button type="submit" class="main" disabled={busy}>{words.act.preview}</button>
                : <button type="submit" class="main" ref={confirm} disabled={busy}>{words.act.confirm}</button>}
            {step.at === "shown" && <button type="button" onClick={back}>{words.act.change}</button>}
            <button type="button" class="plain" onClick={leave}>{words.act.close}</button>
        </p>
    </form>;
}

function NotDone({ trouble }: { trouble: Error }) {
    const words = useWords();
    if (trouble instanceof Unreachable) return <p class="trouble" role="alert">{words.act.unreachable}</p>;
    if (trouble instanceof Problem && trouble.status === 412) return <p class="trouble" role="alert">{words.act.conflict}</p>;
    return <Trouble problem={trouble} />;
}
