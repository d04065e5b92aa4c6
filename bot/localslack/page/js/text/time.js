// Instants (epoch seconds) to words, and words to dates. The zone is always given, never the browser's own.

const formatters = new Map();

function formatter(zone) {
  if (!formatters.has(zone)) formatters.set(zone, makeFormatter(zone));
  return formatters.get(zone);
}

function makeFormatter(zone) {
  const options = {
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  };
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone: "UTC" });
  }
}

/** The calendar fields of an instant in a zone: {year, month, day, hour, minute, second, weekday (0 = Sunday)}. */
export function partsOf(epoch, zone) {
  const fields = {};
  for (const { type, value } of formatter(zone).formatToParts(new Date(epoch * 1000))) {
    if (type !== "literal") fields[type] = Number(value);
  }
  fields.weekday = new Date(Date.UTC(fields.year, fields.month - 1, fields.day)).getUTCDay();
  return fields;
}

/** The instant at which the wall clock of `zone` shows these fields. */
export function epochOf({ year, month, day, hour = 0, minute = 0 }, zone) {
  const wall = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  let epoch = wall;
  for (let round = 0; round < 2; round += 1) {
    const shown = partsOf(epoch, zone);
    const seen = Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute) / 1000;
    epoch += wall - seen;
  }
  return epoch;
}

const two = (number) => String(number).padStart(2, "0");

export const isoDate = ({ year, month, day }) => `${year}-${two(month)}-${two(day)}`;
export const isoTime = ({ hour, minute }) => `${two(hour)}:${two(minute)}`;

export function dayNumber({ year, month, day }) {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

export function timeText(fields, s) {
  const meridiem = fields.hour < 12 ? s.anteMeridiem : s.postMeridiem;
  return s.time(fields.hour % 12 || 12, two(fields.minute), meridiem);
}

/** "11월 24일 (화) 오전 9:30"; the year is named only when it is not this year. */
export function momentText(epoch, zone, s, nowEpoch = epoch) {
  const fields = partsOf(epoch, zone);
  return `${dayWithWeekday(fields, s, partsOf(nowEpoch, zone))} ${timeText(fields, s)}`;
}

function dayWithWeekday(fields, s, now) {
  const date =
    fields.year === now.year ? s.dateNoYear(fields.month, fields.day) : s.date(fields.year, fields.month, fields.day);
  return s.withWeekday(date, s.weekdays[fields.weekday]);
}

/** A message's time as a person says it: the time alone for today, otherwise with the day. */
export function shortMomentText(epoch, zone, s, nowEpoch) {
  const fields = partsOf(epoch, zone);
  const now = partsOf(nowEpoch, zone);
  const distance = dayNumber(fields) - dayNumber(now);
  const time = timeText(fields, s);
  if (distance === 0) return time;
  if (distance === -1) return `${s.yesterday} ${time}`;
  if (distance === 1) return `${s.tomorrow} ${time}`;
  return `${dayWithWeekday(fields, s, now)} ${time}`;
}

/** The heading above a day's messages: "오늘", "어제" or "11월 20일 금요일". */
export function dayHeading(fields, s, now) {
  const distance = dayNumber(fields) - dayNumber(now);
  if (distance === 0) return s.today;
  if (distance === -1) return s.yesterday;
  const date =
    fields.year === now.year ? s.dateNoYear(fields.month, fields.day) : s.date(fields.year, fields.month, fields.day);
  return s.withWeekdayLong(date, s.weekdaysLong[fields.weekday]);
}

function dateToken(token, epoch, { zone, s, now }) {
  const fields = partsOf(epoch, zone);
  const today = partsOf(now, zone);
  const date = s.date(fields.year, fields.month, fields.day);
  const short = s.dateNoYear(fields.month, fields.day);
  const distance = dayNumber(fields) - dayNumber(today);
  const pretty = (text) => ({ 0: s.today, "-1": s.yesterday, 1: s.tomorrow })[distance] ?? text;
  const long = s.withWeekdayLong(date, s.weekdaysLong[fields.weekday]);
  const tokens = {
    date_num: () => isoDate(fields),
    date_slash: () => isoDate(fields).replaceAll("-", "/"),
    date: () => date,
    date_short: () => (fields.year === today.year ? short : date),
    date_long: () => long,
    date_pretty: () => pretty(date),
    date_short_pretty: () => pretty(fields.year === today.year ? short : date),
    date_long_pretty: () => pretty(long),
    time: () => timeText(fields, s),
    time_secs: () => `${timeText(fields, s)}:${two(fields.second)}`,
    day_divider_pretty: () => pretty(fields.year === today.year ? short : date),
    ago: () => agoText(epoch, now, s),
  };
  return tokens[token]?.();
}

function agoText(epoch, now, s) {
  const minutes = Math.round((now - epoch) / 60);
  const [ago, hours] = minutes < 0 ? [s.inMinutes, s.inHours] : [s.agoMinutes, s.agoHours];
  const size = Math.abs(minutes);
  if (size === 0) return s.now;
  return size < 60 ? ago(size) : hours(Math.round(size / 60));
}

/** Slack's date format with its tokens in braces; null when it names a token that is not known. */
export function formatDateTokens(format, epoch, context) {
  let known = true;
  const text = format.replace(/\{(\w+)\}/g, (whole, token) => {
    const value = dateToken(token, epoch, context);
    known &&= value !== undefined;
    return value ?? whole;
  });
  return known ? text : null;
}

/** A typed date to ISO; short forms take the year of `today`. Returns null for anything that is not a real day. */
export function parseDate(text, today) {
  const trimmed = text.trim().replace(/\.$/, "");
  const full = /^(\d{4})\s*(?:[-./]|년\s*)\s*(\d{1,2})\s*(?:[-./]|월\s*)\s*(\d{1,2})일?$/.exec(trimmed);
  const short = /^(\d{1,2})\s*(?:[-./]|월\s*)\s*(\d{1,2})일?$/.exec(trimmed);
  const packed = /^(\d{4})(\d{2})(\d{2})$/.exec(trimmed);
  const match = full ?? packed;
  const numbers = match ? match.slice(1).map(Number) : short && [today.year, ...short.slice(1).map(Number)];
  if (!numbers) return null;
  const [year, month, day] = numbers;
  const real = new Date(Date.UTC(year, month - 1, day));
  const exists = real.getUTCFullYear() === year && real.getUTCMonth() === month - 1 && real.getUTCDate() === day;
  return exists ? isoDate({ year, month, day }) : null;
}

/** A typed time ("14:30", "오후 2시 30분", "2:30 pm") to HH:mm, or null. */
export function parseTime(text) {
  const match = /^(오전|오후|am|pm)?\s*(\d{1,2})(?:\s*[:시]\s*(\d{1,2})?\s*분?)?\s*(am|pm)?$/i.exec(text.trim());
  if (!match) return null;
  const meridiem = (match[1] ?? match[4] ?? "").toLowerCase();
  let hour = Number(match[2]);
  const minute = Number(match[3] ?? 0);
  if (meridiem && (hour < 1 || hour > 12)) return null;
  if (meridiem === "오후" || meridiem === "pm") hour = (hour % 12) + 12;
  if (meridiem === "오전" || meridiem === "am") hour %= 12;
  return hour > 23 || minute > 59 ? null : isoTime({ hour, minute });
}

export function fieldsOfIso(date, time = "00:00") {
  const [year, month, day] = date.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  return { year, month, day, hour, minute };
}
