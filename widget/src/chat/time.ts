/** Beijing time: hours of service and days left. China has had one zone and no summer time since 1991. */

const BEIJING_OFFSET = 8 * 3_600_000;
const DAY = 86_400_000;

/** Minutes after midnight of "8:00" or "21:30"; undefined for anything else. "24:00" is the end of the day. */
export function minutesOf(clock: string | undefined): number | undefined {
  const match = /^(\d{1,2}):(\d{2})$/.exec(clock ?? "");
  if (!match) return undefined;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return minutes <= 1440 && Number(match[2]) < 60 ? minutes : undefined;
}

/** Whether `now` (ms) lies in the hours, which may run over midnight; undefined where they cannot be read. */
export function isOpen(opens: string | undefined, closes: string | undefined, now: number): boolean | undefined {
  const from = minutesOf(opens);
  const to = minutesOf(closes);
  if (from === undefined || to === undefined) return undefined;
  const minute = Math.floor((now + BEIJING_OFFSET) / 60_000) % 1440;
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Whole days from today in Beijing to the day `date` ("2026-11-27"): 0 is today, negative is past. */
export function daysLeft(date: string | undefined, now: number): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date ?? "");
  if (!match) return undefined;
  const day = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  if (new Date(day).toISOString().slice(0, 10) !== date) return undefined;
  return day / DAY - Math.floor((now + BEIJING_OFFSET) / DAY);
}

/** "11月27日", with the year where it is not this year's. */
export function dayName(date: string, now: number): string {
  const [year = "", month = "", day = ""] = date.split("-");
  const thisYear = new Date(now + BEIJING_OFFSET).getUTCFullYear();
  return `${Number(year) === thisYear ? "" : `${year}年`}${Number(month)}月${Number(day)}日`;
}

/** "09:05" in Beijing, of an ISO 8601 time; "" if it cannot be read. */
export function clockOf(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? "" : new Date(time + BEIJING_OFFSET).toISOString().slice(11, 16);
}

/** "2026-11-24" in Beijing, of an ISO 8601 time; "" if it cannot be read. */
export function dateOf(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? "" : new Date(time + BEIJING_OFFSET).toISOString().slice(0, 10);
}
