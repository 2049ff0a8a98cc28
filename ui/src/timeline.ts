// Hours become bars: contiguous, and few enough to be seen.
import type { HourView } from './bridge/wire.ts'

export type Bar = { start: number; hours: number; delivered: number; deferred: number; rejected: number; control: number }

const HOUR = 3_600_000

/** The widths a bar may have, in hours. */
const WIDTHS = [1, 2, 3, 6, 12, 24, 48, 168]

/** Bars from the first hour to the last, gaps included; at most `most` of them where the span allows it. */
export function bars(hours: HourView[], most = 120): Bar[] {
  const first = hours[0]
  const last = hours.at(-1)
  if (!first || !last) return []
  const from = Date.parse(first.hour)
  const span = (Date.parse(last.hour) - from) / HOUR + 1
  const width = WIDTHS.find((width) => span / width <= most) ?? Math.ceil(span / most)
  const empty = (_: unknown, at: number) => ({ start: from + at * width * HOUR, hours: width, delivered: 0, deferred: 0, rejected: 0, control: 0 })
  const all: Bar[] = Array.from({ length: Math.ceil(span / width) }, empty)
  for (const hour of hours) {
    const bar = all[Math.floor((Date.parse(hour.hour) - from) / HOUR / width)]
    if (!bar) continue
    bar.delivered += hour.delivered
    bar.deferred += hour.deferred
    bar.rejected += hour.rejected
    bar.control += hour.control_delivered
  }
  return all
}
