// Claims for compensation: the list, and one of them with its arithmetic and what may be done with it.

import { useState } from "preact/hooks";

import { Choice, moment, MomentField, Reason, text as textOf, TextField } from "../act/fields";
import { done, draftOf, Panel, type Act, type Fields, type Filled } from "../act/panel";
import { pathTo } from "../api";
import { useCell } from "../cell";
import { useData } from "../data";
import { caller, mayAct } from "../live";
import { Facts, money, Section, State, Waiting, When } from "../parts";
import { linkTo } from "../route";
import type { Claim, Page } from "../types";
import { stateName, useWords } from "../words";
import type { Words } from "../words/shape";
import { Owed } from "./money";

const settled = ["paid", "rejected", "lapsed", "not_due"];
/** States in which a person has to do something come first. */
const ranks = ["in_review", "claimed", "approved", "fixed", "review_only", "accruing"];
const rank = (claim: Claim) => ranks.includes(claim.state) ? ranks.indexOf(claim.state) : ranks.length;

export function Claims() {
    const words = useWords(), text = words.claims;
    const [withClosed, show] = useState(false);
    const claims = useData<Page<Claim>>(`/v1/claims?limit=500${withClosed ? "" : "&open=true"}`);
    if (!claims.value) return <><h1>{text.title}</h1><Waiting data={claims} /></>;
    const open = claims.value.items.filter((claim) => !settled.includes(claim.state)).sort((one, other) => rank(one) - rank(other));
    const closed = claims.value.items.filter((claim) => settled.includes(claim.state)).reverse();
    return <>
        <h1>{text.title}</h1>
        {open.length === 0 && <p class="empty">{text.empty}</p>}
        {open.length + closed.length > 0 && <table class="rows">
            <thead><tr><th scope="col">{text.columns.claim}</th><th scope="col">{text.columns.port}</th><th scope="col">{text.columns.state}</th>
                <th scope="col" class="middle">{text.columns.since}</th><th scope="col" class="sum">{text.columns.amount}</th><th scope="col" class="middle">{text.columns.by}</th></tr></thead>
            {([[text.open, open], [text.closed, closed]] as const).filter(([, list]) => list.length > 0).map(([title, list]) => <tbody key={title}>
                <tr class="group"><th colSpan={6} scope="rowgroup">{title} <span class="quiet">{list.length}</span></th></tr>
                {list.map((claim) => <tr key={claim.id}>
                    <td><a class="row" href={linkTo("claims", claim.id)}>{claim.id}</a></td><td><a href={linkTo("ports", claim.port)}>{claim.port}</a></td>
                    <td><State state={claim.state} settled={settled.includes(claim.state)} /></td><td class="middle"><When at={claim.since} /></td>
                    <td class="sum">{claim.amount && money(claim.amount)}</td><td class="middle">{claim.filed_by}</td></tr>)}
            </tbody>)}
        </table>}
        <p><label class="check"><input type="checkbox" checked={withClosed} onChange={(event) => show(event.currentTarget.checked)} /> {text.showClosed}</label></p>
    </>;
}

export function ClaimPage({ id }: { id: string }) {
    const words = useWords(), text = words.claims;
    const claim = useData<Claim>(pathTo("claims", id));
    const known = claim.value;
    if (!known) return <><h1>{id}</h1><Waiting data={claim} /></>;
    return <article>
        <div class="title"><h1>{known.id}</h1><State state={known.state} settled={settled.includes(known.state)} />
            {known.amount && <b>{money(known.amount)}</b>}</div>
        {known.answer && <p>{known.answer}</p>}
        <ClaimActs key={known.id} claim={known} />
        <Facts facts={[
            [text.columns.port, <a class="row" href={linkTo("ports", known.port)}>{known.port}</a>],
            [text.columns.since, <When at={known.since} />],
            [text.filed, known.filed_at && <When at={known.filed_at} />],
            [text.filedBy, known.filed_by],
            [text.channel, known.channel],
            [text.titular, known.filed_by && (known.by_titular ? text.yes : text.no)],
            [text.done, known.port_done_at && <When at={known.port_done_at} />],
            [words.port.claimUntil, known.claim_until && <When at={known.claim_until} offset />],
            [words.port.reviewUntil, known.review_until && <When at={known.review_until} offset />],
            [text.reason, known.decision_reason],
            [text.paid, known.paid_at && <><When at={known.paid_at} />{known.paid_by && ` ${text.by} ${payments(words)[known.paid_by] ?? known.paid_by}`}</>],
        ]} />
        {known.compensation && <Section title={words.port.money} id="money"><Owed owed={known.compensation} /></Section>}
    </article>;
}

// -------------------------------------------------------------------------------------------------------------- acting

type Verb = "file" | "approve" | "reject" | "pay";
const verbsIn: Record<string, readonly Verb[]> = {
    accruing: ["file"], fixed: ["file"], review_only: ["file"], claimed: ["approve", "reject"], in_review: ["approve", "reject"], approved: ["pay"],
};
const payments = (words: Words): Record<string, string> => ({ invoice: words.act.invoice, call_credit: words.act.call_credit });

function ClaimActs({ claim }: { claim: Claim }) {
    const words = useWords();
    useCell(caller);
    const [chosen, choose] = useState<string | undefined>(draftOf(claim.id)?.act);
    const said = useCell(done);
    const verbs = verbsIn[claim.state] ?? [];
    if (!mayAct() || (verbs.length === 0 && !said)) return null;
    return <div class="acts">
        <div class="line" role="group" aria-label={words.act.title}>{verbs.map((verb, index) => <button key={verb} type="button" class={index === 0 ? "main" : ""}
            aria-expanded={chosen === verb} onClick={() => { done.set(""); choose(verb); }}>{words.act[verb]}</button>)}<span class="said" role="status">{said}</span></div>
        {chosen && chosen in words.act && <ClaimPanel key={chosen} claim={claim} verb={chosen as Verb} close={() => choose(undefined)} />}
    </div>;
}

function ClaimPanel({ claim, verb, close }: { claim: Claim; verb: Verb; close: () => void }) {
    const words = useWords(), label = words.act;
    const act: Act = {
        name: verb,
        title: `${label[verb]}: ${claim.id}`,
        path: verb === "file" ? "/v1/claims" : pathTo("claims", claim.id, verb),
        form: (fields, set) => verb === "file" ? <>
            <TextField name="claimant" label={label.claimant} required fields={fields} set={set} />
            <TextField name="channel" label={label.channel} fields={fields} set={set} />
            <MomentField name="received" label={label.receivedAt} hint={label.receivedAtHint} fields={fields} set={set} /></>
            : <>{verb === "pay" && <Choice name="by" label={label.paidBy} options={Object.entries(payments(words))} fields={{ by: "invoice", ...fields }} set={set} />}
                <Reason fields={fields} set={set} /></>,
        fill: (fields) => bodyOf(verb, claim, fields, words),
    };
    return <Panel<Claim> thing={claim.id} version={verb === "file" ? undefined : claim.version} act={act} close={close} describe={(after) => <ul>
        <li>{label.willState(claim.id, stateName(words, claim.state), stateName(words, after.state))}</li>
        {after.amount && <li>{words.claims.columns.amount}: {money(after.amount)}</li>}</ul>} />;
}

function bodyOf(verb: Verb, claim: Claim, fields: Fields, words: Words): Filled {
    const reason = textOf(fields, "reason"), claimant = textOf(fields, "claimant"), channel = textOf(fields, "channel");
    if (verb === "file") {
        if (claimant === "") return { missing: words.act.claimantMissing };
        const received = moment(fields, "received");
        return { body: { port: claim.port, claimant, ...(channel ? { channel } : {}), ...(received ? { received_at: received } : {}) } };
    }
    if (reason === "") return { missing: words.act.reasonMissing };
    return { body: verb === "pay" ? { by: fields.by ?? "invoice", reason } : { reason } };
}
