// What may be done with a port now, by the law of its machine, and the form of what was chosen.

import { useState } from "preact/hooks";

import { pathTo } from "../api";
import { useCell } from "../cell";
import { useData } from "../data";
import { caller, mayAct, zone } from "../live";
import { money, rangeText } from "../parts";
import { dateText } from "../time";
import { turnName } from "../turn";
import type { Line, Port, Residue } from "../types";
import { stateName, useWords } from "../words";
import type { Words } from "../words/shape";
import { AnswerForm, answerBody, Fates, unstatedIn, type Eligibility, type Unstated } from "./answer";
import { Check, chosenNumbers, Choice, LinesField, moment, MomentField, Reason, text, TextField } from "./fields";
import { done, draftOf, Panel, type Act, type Fields, type Filled } from "./panel";

type Verb = "answer" | "delay" | "activation" | "cancel" | "reschedule" | "hold" | "resume" | "submit" | "settle" | "note";
const order: readonly Verb[] = ["answer", "delay", "activation", "submit", "resume", "reschedule", "hold", "cancel", "settle", "note"];

/** What carries a port on; the others stop, turn or end it, and are not put forward. */
const forward: readonly Verb[] = ["answer", "activation", "submit", "resume"];

/** "answer --accept" belongs to the form "answer"; a delay is announced in one of its own. */
const verbOf = (verb: string): Verb => verb === "answer --delay" ? "delay" : verb.split(" ")[0] as Verb;

export function ActionBar({ port }: { port: Port }) {
    const words = useWords();
    useCell(caller);
    const [chosen, choose] = useState<string | undefined>(draftOf(port.id)?.act);
    const said = useCell(done);
    if (!mayAct()) return null;
    const verbs = order.filter((verb) => verb === "note" || port.legal_next.some((next) => verbOf(next.verb) === verb));
    const open = (verb: Verb) => {
        done.set("");
        choose(verb);
    };
    return <div class="acts">
        <div class="line" role="group" aria-label={words.act.title}>{verbs.map((verb, index) =>
            <button key={verb} type="button" class={index === 0 && forward.includes(verb) ? "main" : ""} aria-expanded={chosen === verb} onClick={() => open(verb)}>{words.act[verb]}</button>)}
            <span class="said" role="status">{said}</span>
        </div>
        {chosen && order.includes(chosen as Verb) && <PortPanel key={chosen} port={port} verb={chosen as Verb} close={() => choose(undefined)} />}
    </div>;
}

function PortPanel({ port, verb, close }: { port: Port; verb: Verb; close: () => void }) {
    const words = useWords();
    const lines = port.lines.filter((line) => port.legal_next.some((next) => next.line === line.no && verbOf(next.verb) === verb));
    const eligible = useData<{ items: Eligibility[] }>(verb === "answer" ? pathTo("ports", port.id, "eligible") : undefined);
    const residue = useData<Residue>(verb === "answer" ? pathTo("ports", port.id, "residue") : undefined);
    const unstated = unstatedIn(residue.value);
    const act: Act = {
        name: verb,
        title: `${words.act[verb]}: ${port.id}`,
        path: pathTo("ports", port.id, verb === "delay" ? "answer" : verb),
        form: (fields, set) => <><Form verb={verb} lines={lines} fields={fields} set={set} eligible={eligible.value?.items} unstated={unstated} role={port.role} /><Reason fields={fields} set={set} /></>,
        fill: (fields) => text(fields, "reason") === "" ? { missing: words.act.reasonMissing } : bodyOf(verb, fields, lines, unstated, words),
    };
    return <Panel<Port> thing={port.id} version={port.version} act={act} close={close} describe={(after) => <Will before={port} after={after} words={words} />} />;
}

interface FormProps { verb: Verb; lines: Line[]; fields: Fields; set: (some: Fields) => void; eligible: Eligibility[] | undefined; unstated: Unstated[]; role: Port["role"] }

function Form({ verb, lines, fields, set, eligible, unstated, role }: FormProps) {
    const words = useWords(), label = words.act;
    const about = <LinesField lines={lines} fields={fields} set={set} />;
    switch (verb) {
    case "answer": return <><AnswerForm lines={lines} fields={fields} set={set} eligible={eligible} /><Fates unstated={unstated} fields={fields} set={set} /></>;
    case "delay": return <MomentField name="until" label={label.until} required fields={fields} set={set} />;
    case "activation": return <>{about}
        <Choice name="outcome" label={label.outcome} options={[["done", label.done], ["failed", label.failed]]} fields={{ outcome: "done", ...fields }} set={set} />
        {fields.outcome === "failed" ? <TextField name="cause" label={label.cause} required fields={fields} set={set} />
            : <MomentField name="at" label={label.doneAt} hint={label.doneAtHint} fields={fields} set={set} />}</>;
    case "reschedule": return <>{about}<MomentField name="at" label={label.at} required fields={fields} set={set} />
        <Check name="agreed" label={label.agreedByCustomer} fields={fields} set={set} /></>;
    case "settle": return <>{about}{role === "port_out" && <Check name="recognise" label={label.recognise} fields={fields} set={set} />}</>;
    case "hold":
    case "resume": return about;
    case "cancel": // of a whole order, as the wire has it
    case "submit":
    case "note": return null;
    }
}

function bodyOf(verb: Verb, fields: Fields, lines: Line[], unstated: Unstated[], words: Words): Filled {
    const reason = text(fields, "reason"), numbers = chosenNumbers(lines, fields);
    const at = moment(fields, "at"), until = moment(fields, "until"), cause = text(fields, "cause");
    switch (verb) {
    case "answer": return answerBody(fields, lines, unstated, words);
    case "delay": return until ? { body: { delay: { until }, reason } } : { missing: words.act.untilMissing };
    case "activation":
        if (fields.outcome === "failed") return cause ? { body: { ...numbers, failed: { cause }, reason } } : { missing: words.act.causeMissing };
        return { body: { ...numbers, done: at ? { at } : true, reason } };
    case "reschedule": return at ? { body: { ...numbers, at, agreed_by_customer: fields.agreed === true, reason } } : { missing: words.act.atMissing };
    case "settle": return { body: { ...numbers, ...(fields.recognise === true ? { recognise_transfer: true } : {}), reason } };
    case "hold":
    case "resume": return { body: { ...numbers, reason } };
    default: return { body: { reason } };
    }
}

/** What will be different: states per range, deadlines, money. */
function Will({ before, after, words }: { before: Port; after: Port; words: Words }) {
    const was = (line: Line) => before.lines.find((one) => one.first <= line.first && line.first <= one.last);
    const moved = after.lines.filter((line) => was(line) && was(line)!.state !== line.state);
    const known = new Set(before.deadlines.map((one) => `${one.timer} ${one.due}`));
    const fresh = after.deadlines.filter((one) => !known.has(`${one.timer} ${one.due}`));
    const [from, to] = [before.compensation?.total, after.compensation?.total];
    return <ul>
        {moved.map((line) => <li key={line.first}>{words.act.willState(rangeText(line), stateName(words, was(line)!.state), stateName(words, line.state))}
            {line.agreed_at && line.agreed_at !== was(line)!.agreed_at && `, ${words.port.agreed} ${dateText(line.agreed_at, zone())}`}
            {line.grounds.length > 0 && ` (${line.grounds.map((ground) => ground.code).join(", ")})`}</li>)}
        {moved.length === 0 && fresh.length === 0 && <li>{words.act.willNothing}</li>}
        {fresh.map((one) => <li key={`${one.line} ${one.timer}`}>{words.act.willDeadline(turnName(words, one.owner, after), dateText(one.due, zone()))}</li>)}
        {from && to && from.cents !== to.cents && <li>{words.act.willMoney(money(from), money(to))}</li>}
    </ul>;
}
