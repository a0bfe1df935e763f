// Moments and spans for people. Moments are shown in the rulebook's zone, with its offset, whatever the browser's zone is.

import { language } from "./words/language";

const weekdays = {
    en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"],
    nl: ["zo", "ma", "di", "wo", "do", "vr", "za"],
    fr: ["dim", "lun", "mar", "mer", "jeu", "ven", "sam"],
} as const;
const months = {
    en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    nl: ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    fr: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
} as const;

/** What a clock on the wall of a zone shows. */
export interface WallTime {
    year: number;
    month: number;
    day: number;
    hour: number;
    minute: number;
    second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
    let format = formats.get(zone);
    if (!format) {
        format = new Intl.DateTimeFormat("en-GB", {
            timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
            hour: "numeric", minute: "numeric", second: "numeric",
        });
        formats.set(zone, format);
    }
    return format;
}

export function wallTime(ms: number, zone: string): WallTime {
    const part: Record<string, number> = {};
    for (const { type, value } of formatOf(zone).formatToParts(ms)) part[type] = Number(value);
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part;
    return { year, month, day, hour, minute, second };
}

const asUtc = (wall: WallTime) =>
    Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);

/** How far the zone is ahead of UTC at a moment, in minutes. */
export function offsetMinutes(ms: number, zone: string): number {
    return Math.round((asUtc(wallTime(ms, zone)) - Math.floor(ms / 1000) * 1000) / 60000);
}

export function offsetText(minutes: number): string {
    const size = Math.abs(minutes);
    return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const two = (value: number) => String(value).padStart(2, "0");

/**
 * The moment at which a wall of the zone shows "2026-04-07T18:00", as RFC 3339 with offset; nothing for what is no time.
 * A time that comes twice is the earlier one; one that the clocks skip is the first moment after the gap, as the daemon
 * reads them.
 */
export function fromWallTime(text: string, zone: string): string | undefined {
    const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(text);
    if (!found) return undefined;
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = found.slice(1).map(Number);
    const shown = Date.UTC(year, month - 1, day, hour, minute);
    const dayMs = 24 * 3600_000;
    const before = offsetMinutes(shown - dayMs, zone), after = offsetMinutes(shown + dayMs, zone);
    const fits = [before, after].map((offset) => shown - offset * 60000)
        .filter((ms) => asUtc(wallTime(ms, zone)) === shown);
    const ms = fits.length > 0 ? Math.min(...fits) : endOfGap(shown, before, zone);
    return rfc3339(ms, zone);
}

/** The first moment after the change of clocks that skips the wall time `shown` (written as if in UTC). */
function endOfGap(shown: number, offsetBefore: number, zone: string): number {
    let low = shown - 24 * 3600_000, high = shown + 24 * 3600_000;
    while (high - low > 1000) {
        const middle = Math.floor((low + high) / 2000) * 1000;
        if (offsetMinutes(middle, zone) === offsetBefore) low = middle;
        else high = middle;
    }
    return high;
}

export function rfc3339(ms: number, zone: string): string {
    const wall = wallTime(ms, zone);
    return `${wallText(wall)}:${two(wall.second)}${offsetText(offsetMinutes(ms, zone))}`;
}

/** "2026-04-07T18:00", as an input of dates and times has it. */
export function wallText(wall: WallTime): string {
    return `${wall.year}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}`;
}

/** "Tue 7 Apr 2026 18:00", in the language of the page. */
export function dateText(moment: string | number, zone: string): string {
    const ms = typeof moment === "number" ? moment : Date.parse(moment);
    if (Number.isNaN(ms)) return "";
    const wall = wallTime(ms, zone), words = language.value;
    const weekday = weekdays[words][new Date(asUtc(wall)).getUTCDay()];
    return `${weekday} ${wall.day} ${months[words][wall.month - 1]} ${wall.year} ${two(wall.hour)}:${two(wall.minute)}`;
}

/** "18:00:05 +02:00": the time of day in the zone. */
export function clockText(ms: number, zone: string): string {
    const { hour, minute, second } = wallTime(ms, zone);
    return `${two(hour)}:${two(minute)}:${two(second)} ${offsetText(offsetMinutes(ms, zone))}`;
}

/** "Tue 7 Apr", for a day as "2026-04-07". */
export function dayText(day: string): string {
    const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
    const weekday = weekdays[language.value][new Date(Date.UTC(year, month - 1, date)).getUTCDay()];
    return `${weekday} ${date} ${months[language.value][month - 1]}`;
}

/** The two greatest units of a span: "2 d 8 h", "3 h 20 min", "45 s". Its sign is the caller's affair. */
export function spanText(ms: number): string {
    const seconds = Math.floor(Math.abs(ms) / 1000);
    const day = { en: "d", nl: "d", fr: "j" }[language.value], hour = { en: "h", nl: "u", fr: "h" }[language.value];
    const units: [number, string][] = [
        [Math.floor(seconds / 86400), day],
        [Math.floor(seconds / 3600) % 24, hour],
        [Math.floor(seconds / 60) % 60, "min"],
        [seconds % 60, "s"],
    ];
    const first = units.findIndex(([count]) => count > 0);
    if (first < 0) return "0 min";
    const last = first >= 2 && !(first === 2 && units[2]![0] < 10) ? first + 1 : first + 2;
    return units.slice(first, last).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** Working time is told in hours: a working day has as many as its window. "28 h", "3 h 20 min". */
export function workingText(ms: number): string {
    const minutes = Math.floor(Math.abs(ms) / 60000);
    const hour = { en: "h", nl: "u", fr: "h" }[language.value];
    const hours = Math.floor(minutes / 60), rest = minutes % 60;
    if (hours === 0) return `${rest} min`;
    return rest > 0 && hours < 10 ? `${hours} ${hour} ${rest} min` : `${hours} ${hour}`;
}
