// The web page of npod: what a porting desk needs, drawn from the Business API of the daemon that served it.

import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { useCell } from "./cell";
import { stayConnected, status } from "./live";
import { Board } from "./pages/board";
import { ClaimPage, Claims } from "./pages/claims";
import { ContractPage } from "./pages/contract";
import { FindPage } from "./pages/find";
import { NumberPage } from "./pages/number";
import { Operators } from "./pages/operators";
import { PortPage } from "./pages/port";
import { Radar } from "./pages/radar";
import { followAddress, place } from "./route";
import { applyTheme, Shell } from "./shell";
import { useWords } from "./words";
import { language } from "./words/language";

function View() {
    const { parts: [room, id] } = useCell(place);
    const words = useWords();
    if (!room) return <Board />;
    if (room === "ports" && id) return <PortPage key={id} id={id} />;
    if (room === "numbers" && id) return <NumberPage key={id} id={id} />;
    if (room === "contracts" && id) return <ContractPage key={id} id={id} />;
    if (room === "claims") return id ? <ClaimPage key={id} id={id} /> : <Claims />;
    if (room === "find" && id) return <FindPage key={id} typed={id} />;
    if (room === "radar") return <Radar />;
    if (room === "operators") return <Operators />;
    return <p class="empty">{words.gone}</p>;
}

function App() {
    const where = useCell(place), words = useWords(), known = useCell(status);
    const first = useRef(true);
    const path = where.parts.join("/");
    useEffect(() => {
        document.title = [where.parts[1] ?? words.nav.board, known?.operator, "npod"].filter(Boolean).join(" · ");
    }, [path, words, known?.operator]);
    useEffect(() => {
        // A reader of the screen is told that there is a new view; the first one needs no telling.
        if (!first.current) document.getElementById("content")?.focus({ preventScroll: true });
        first.current = false;
        window.scrollTo(0, 0);
    }, [path]);
    return <Shell><View /></Shell>;
}

document.documentElement.lang = language.value;
applyTheme();
followAddress();
const page = document.getElementById("page")!;
page.replaceChildren();
render(<App />, page);
void stayConnected();
