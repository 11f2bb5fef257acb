const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
    } catch {
      formats.set(key, new Intl.DateTimeFormat("en-GB", options));
    }
  }
  return formats.get(key);
}

export const clockTime = (at, zone) => format(zone, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
export const dayKey = (at, zone) => format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(at));
export const shortDay = (at, zone) => format(zone, { day: "numeric", month: "short" }).format(new Date(at));
export const longDay = (at, zone) => format(zone, { weekday: "long", day: "numeric", month: "long" }).format(new Date(at));
export const weekday = (at, zone) => format(zone, { weekday: "long" }).format(new Date(at));
export const dayAndYear = (at, zone) => format(zone, { day: "numeric", month: "long", year: "numeric" }).format(new Date(at));
export const hourOf = (at, zone) => Number(format(zone, { hour: "2-digit", hourCycle: "h23" }).format(new Date(at)));

export const count = (n, one, many = one + "s") => `${n} ${n === 1 ? one : many}`;

/** "in 6 days", "in 3 hours", "now". */
export function until(at, now) {
  const minutes = Math.round((new Date(at) - now) / 60_000);
  if (minutes < 1) return "due now";
  if (minutes < 60) return `in ${count(minutes, "minute")}`;
  if (minutes < 48 * 60) return `in ${count(Math.round(minutes / 60), "hour")}`;
  return `in ${count(Math.round(minutes / 1440), "day")}`;
}

/** "12 days ahead" of real time. */
export function ahead(seconds) {
  const hours = Math.round(seconds / 3600);
  if (seconds < 60) return "Real time";
  if (hours < 1) return `${count(Math.round(seconds / 60), "minute")} ahead`;
  return hours < 48 ? `${count(hours, "hour")} ahead` : `${count(Math.round(hours / 24), "day")} ahead`;
}
