// What stands around every view: where to go, search, the daemon's clock, the connection, who is here.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { access, giveToken } from "./api";
import { Cell, kept, useCell } from "./cell";
import { listenToKeys } from "./keyboard";
import { caller, connection, now, seconds, status, zone } from "./live";
import { goTo, linkTo, place } from "./route";
import { clockText, dateText, offsetMinutes, offsetText } from "./time";
import { useWords } from "./words";
import { catalogue } from "./words";
import { chooseLanguage, language, languages, type Language } from "./words/language";

export function Shell({ children }: { children: ComponentChildren }) {
    const words = useWords();
    const [help, showHelp] = useState(false);
    useEffect(() => listenToKeys(() => showHelp(true)), []);
    return <>
        <a class="skip" href="#content" onClick={(event) => { event.preventDefault(); document.getElementById("content")?.focus(); }}>{words.skip}</a>
        <header class="top">
            <a class="brand" href="#/" aria-label={`npod, ${words.brand}`}>npod <Operator /></a>
            <Rooms />
            <Search />
        </header>
        <News />
        <TokenPanel />
        <main id="content" tabIndex={-1}>{children}</main>
        <Foot openHelp={() => showHelp(true)} />
        {help && <Help close={() => showHelp(false)} />}
    </>;
}

function Operator() {
    const known = useCell(status);
    return known ? <b>{known.operator}</b> : null;
}

function Rooms() {
    const words = useWords();
    const { parts } = useCell(place);
    const rooms: [string, string][] = [["", words.nav.board], ["radar", words.nav.radar], ["claims", words.nav.claims], ["operators", words.nav.operators]];
    return <nav class="rooms" aria-label="npod">{rooms.map(([room, name]) =>
        <a key={room} href={room ? linkTo(room) : "#/"} aria-current={(parts[0] ?? "") === room ? "page" : undefined}>{name}</a>)}</nav>;
}

function Search() {
    const words = useWords();
    const [typed, type] = useState("");
    const find = (event: Event) => {
        event.preventDefault();
        if (typed.trim()) goTo("find", typed.trim());
    };
    return <form class="search" role="search" onSubmit={find}>
        <label class="unseen" for="search">{words.search.label}</label>
        <input id="search" type="search" autocomplete="off" spellcheck={false} placeholder="+32…  PI-…  /" value={typed}
            onInput={(event) => type(event.currentTarget.value)} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
        <button type="submit">{words.search.go}</button>
    </form>;
}

/** The line about the connection: seen only when there is something to say, read aloud when it changes. */
function News() {
    const words = useWords();
    const now = useCell(connection);
    const text = now.state === "lost" ? words.connection.lost(clockText(now.lostAt!, zone()))
        : now.state === "caught up" ? words.connection.caughtUp(now.missed ?? 0) : "";
    return <div class={`news ${now.state === "lost" ? "bad" : "good"}`} role="status" aria-live="polite">{text}</div>;
}

function TokenPanel() {
    const words = useWords();
    const way = useCell(access);
    const [typed, type] = useState("");
    if (way === "open") return null;
    const enter = (event: Event) => {
        event.preventDefault();
        giveToken(typed);
        type("");
    };
    return <form class="token" onSubmit={enter} aria-labelledby="token-title">
        <div role="alert"><h2 id="token-title">{way === "token refused" ? words.token.refused : words.token.wanted}</h2></div>
        <p>{words.token.why}</p>
        <p class="line"><label>{words.token.label} <input type="password" autocomplete="off" value={typed} onInput={(event) => type(event.currentTarget.value)} /></label>
            <button type="submit" class="main">{words.token.enter}</button></p>
    </form>;
}

function Foot({ openHelp }: { openHelp: () => void }) {
    const words = useWords();
    const known = useCell(status), who = useCell(caller), line = useCell(connection);
    const dot = { connecting: "◌", live: "●", lost: "▲", "caught up": "●" }[line.state];
    return <footer class="foot">
        <span class={`line-state ${line.state === "lost" ? "bad" : ""}`}><span aria-hidden="true">{dot}</span> {line.state === "lost" ? "–" : line.state === "connecting" ? words.connection.connecting : words.connection.live}</span>
        {known && <Clock manual={known.clock.manual} />}
        {who && <span>{words.who(who.name, who.role)}{who.role === "reader" && ` · ${words.readOnly}`}</span>}
        <span class="room" />
        <LanguageChoice /><ThemeChoice />
        <button type="button" class="plain" aria-label={words.help.open} onClick={openHelp}>?</button>
    </footer>;
}

function Clock({ manual }: { manual: boolean }) {
    const words = useWords();
    useCell(seconds);
    const at = now();
    return <span title={manual ? words.clock.manual : words.clock.at}>
        <span class="unseen">{words.clock.at}: </span>{dateText(at, zone())} {offsetText(offsetMinutes(at, zone()))} {zone()}{manual && <b class="manual"> · {words.clock.manual.split(/ ?:/)[0]}</b>}
    </span>;
}

function LanguageChoice() {
    const words = useWords();
    return <label><span class="unseen">{words.languageLabel}</span>
        <select value={useCell(language)} onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}>
            {languages.map((one) => <option key={one} value={one} lang={one}>{catalogue[one].languageName}</option>)}
        </select></label>;
}

type Theme = "auto" | "light" | "dark";
const themeStore = kept("localStorage", "npod.theme");
const theme = new Cell<Theme>((themeStore.read() as Theme | null) ?? "auto");

export function applyTheme(): void {
    document.documentElement.dataset.theme = theme.value;
}

function ThemeChoice() {
    const words = useWords();
    const choose = (next: Theme) => {
        theme.set(next);
        themeStore.write(next === "auto" ? null : next);
        applyTheme();
    };
    return <label><span class="unseen">{words.theme.label}</span>
        <select value={useCell(theme)} onChange={(event) => choose(event.currentTarget.value as Theme)}>
            {(["auto", "light", "dark"] as const).map((one) => <option key={one} value={one}>{words.theme[one]}</option>)}
        </select></label>;
}

function Help({ close }: { close: () => void }) {
    const words = useWords();
    const dialog = useRef<HTMLDialogElement>(null);
    useEffect(() => dialog.current?.showModal(), []);
    return <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
        <h2 id="help-title">{words.help.title}</h2>
        <dl class="keys">{words.help.keys.map(([key, does]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div>)}</dl>
        <button type="button" onClick={() => dialog.current?.close()}>{words.help.close}</button>
    </dialog>;
}
