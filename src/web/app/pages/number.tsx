// One number: who serves it, until when it may be ported, what happened to it.

import { pathTo } from "../api";
import { useData } from "../data";
import { Facts, Section, State, Waiting, When } from "../parts";
import { linkTo } from "../route";
import type { NumberView } from "../types";
import { useWords } from "../words";
import { History } from "./timeline";

export function NumberPage({ id }: { id: string }) {
    const words = useWords(), text = words.number;
    const number = useData<NumberView>(pathTo("numbers", id));
    const known = number.value;
    if (!known) return <><h1>{text.title} {id}</h1><Waiting data={number} /></>;
    const contract = (name: string | undefined) => name && <a href={linkTo("contracts", name)}>{name}</a>;
    const plan = known.plan;
    return <article>
        <div class="title"><h1>{text.title} <span class="number">{known.number}</span></h1><State state={known.state} /></div>
        <Facts facts={[
            [text.since, known.since && <When at={known.since} />],
            [text.serving, known.serving],
            [text.holder, known.block_holder],
            [text.contract, contract(known.contract_id)],
            [text.lastContract, contract(known.last_contract)],
            [text.portableUntil, known.portable_until && <When at={known.portable_until} offset />],
            [text.ageingUntil, known.ageing_until && <When at={known.ageing_until} offset />],
            [text.plan, plan && [plan.kind, plan.zone_name, plan.portable ? text.portable : text.notPortable].filter(Boolean).join(", ")],
            [text.live, known.live_port && <a class="row" href={linkTo("ports", known.live_port.port)}>{known.live_port.port}</a>],
            [text.ports, known.ports.length > 0 && known.ports.map((port) => <><a class="row" key={port} href={linkTo("ports", port)}>{port}</a> </>)],
        ]} />
        {known.history.length > 0 && <Section title={text.history} id="history"><History items={[...known.history].reverse()} about={known.number} machine="number" /></Section>}
    </article>;
}
