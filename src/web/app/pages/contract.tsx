// One agreement as the business systems know it.

import { pathTo } from "../api";
import { useData } from "../data";
import { Facts, Range, State, Waiting, When } from "../parts";
import { linkTo } from "../route";
import type { Contract } from "../types";
import { useWords } from "../words";

export function ContractPage({ id }: { id: string }) {
    const words = useWords(), text = words.contract;
    const contract = useData<Contract>(pathTo("contracts", id));
    const known = contract.value;
    if (!known) return <><h1>{text.title} {id}</h1><Waiting data={contract} /></>;
    return <article>
        <div class="title"><h1>{text.title} {known.id}</h1><State state={known.state} settled={known.state === "ended"} /></div>
        <Facts facts={[
            [words.port.customer, known.customer.name],
            [words.number.since, <When at={known.since} />],
            [text.product, known.product],
            [text.network, known.network],
            [text.endUsers, known.end_users],
            [text.numbers, known.numbers.length > 0 ? known.numbers.map((range) => <div key={range.first}><Range first={range.first} last={range.last} /></div>) : words.none],
            [text.ports, (known.ports ?? []).map((port) => <><a class="row" key={port} href={linkTo("ports", port)}>{port}</a> </>)],
        ]} />
    </article>;
}
