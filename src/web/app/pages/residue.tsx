// What a port-out takes, what stays with us, what ends.

import { pathTo } from "../api";
import { useData } from "../data";
import { Range, Section, Waiting } from "../parts";
import type { Port, Residue } from "../types";
import { useWords } from "../words";

export function ResiduePart({ port }: { port: Port }) {
    const words = useWords();
    const residue = useData<Residue>(pathTo("ports", port.id, "residue"));
    const fate = (name: string) => (words.port.fates as Record<string, string>)[name] ?? name;
    return <Section title={words.port.residue} id="residue">
        {!residue.value ? <Waiting data={residue} /> : <>
            <p>{residue.value.sentence}</p>
            <table><tbody>{residue.value.numbers.map((one) => <tr key={one.first}>
                <td><Range first={one.first} last={one.last} /></td>
                <td><span class={`fate ${one.fate}`}>{fate(one.fate)}</span></td><td class="quiet">{one.why}</td>
            </tr>)}
            {(residue.value.related_services ?? []).map((one) => {
                const service = typeof one === "string" ? { name: one } : one;
                return <tr key={service.name}><td>{service.name}</td><td>{service.fate ? fate(service.fate) : words.port.services}</td><td class="quiet">{service.why}</td></tr>;
            })}</tbody></table>
        </>}
    </Section>;
}
