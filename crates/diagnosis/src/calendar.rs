//! A stamp as written becomes a point in time: late, so that a corrected zone or year needs no second reading.

use chrono::{DateTime, Datelike, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use evidence::Stamp;

use crate::SourceSummary;

/// How a year or a zone is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// The source states it.
    Stated,
    /// It was worked out (a year) or taken from this machine (a zone).
    Inferred,
    /// The user gave it.
    Given,
}

/// What the user said about time, and what the machine says where the user did not.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// The zone of stamps that have none.
    pub zone: Tz,
    /// Whether the user gave the zone.
    pub zone_given: bool,
    /// The newest possible year, where the user gave one.
    pub until_year: Option<i32>,
    /// Now, in seconds since 1970.
    pub now: i64,
}

/// How one source's stamps are read.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    zone: Tz,
    year_of_first_turn: i32,
    /// How the years are known.
    pub year: Basis,
    /// How the zone is known.
    pub zone_basis: Basis,
}

impl Calendar {
    /// The zone that stamps without one are read in.
    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    /// The calendar of a source: its newest stamp lies in the newest year in which it is not in the future.
    pub fn of(source: &SourceSummary, clock: &Clock) -> Calendar {
        let limit = source.modified.unwrap_or(clock.now).min(clock.now);
        let limit = DateTime::from_timestamp(limit, 0).unwrap_or_default().with_timezone(&clock.zone).naive_local();
        let newest = source.span.map(|(_, last)| last);
        let year = clock.until_year.unwrap_or_else(|| newest.map_or(limit.year(), |(_, stamp)| newest_year(stamp, limit)));
        Calendar {
            zone: clock.zone,
            year_of_first_turn: year - newest.map_or(0, |(turn, _)| turn),
            year: match (source.yearless, clock.until_year) {
                (false, _) => Basis::Stated,
                (true, Some(_)) => Basis::Given,
                (true, None) => Basis::Inferred,
            },
            zone_basis: match (source.zoneless, clock.zone_given) {
                (false, _) => Basis::Stated,
                (true, true) => Basis::Given,
                (true, false) => Basis::Inferred,
            },
        }
    }

    /// The point in time, in seconds since 1970.
    ///
    /// An hour that the clocks skip is read as if they had not; of an hour that comes twice the first is taken.
    pub fn time(&self, stamp: Stamp, turn: i32) -> Option<i64> {
        let civil = stamp.civil(self.year_of_first_turn + turn)?;
        let utc = match stamp.offset() {
            Some(minutes) => civil.checked_sub_signed(TimeDelta::minutes(i64::from(minutes)))?.and_utc(),
            None => in_zone(self.zone, civil)?,
        };
        Some(utc.timestamp())
    }
}

fn in_zone(zone: Tz, civil: NaiveDateTime) -> Option<DateTime<Utc>> {
    let local = zone.from_local_datetime(&civil).earliest();
    let later = || zone.from_local_datetime(&civil.checked_add_signed(TimeDelta::hours(1))?).earliest();
    local.or_else(later).map(|local| local.with_timezone(&Utc))
}

/// The newest year in which a stamp is at most a day after a limit.
fn newest_year(stamp: Stamp, limit: NaiveDateTime) -> i32 {
    let latest = limit.checked_add_signed(TimeDelta::days(1)).unwrap_or(limit);
    let fits = stamp.civil(latest.year()).is_none_or(|civil| civil <= latest);
    if fits { latest.year() } else { latest.year() - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(first: &[u8], last: (i32, &[u8])) -> SourceSummary {
        let stamp = |text| Stamp::traditional(text).unwrap();
        SourceSummary { span: Some(((0, stamp(first)), (last.0, stamp(last.1)))), yearless: true, zoneless: true, ..SourceSummary::default() }
    }

    fn clock(now: &str) -> Clock {
        Clock { zone: chrono_tz::Europe::Stockholm, zone_given: false, until_year: None, now: now.parse::<DateTime<Utc>>().unwrap().timestamp() }
    }

    fn utc(calendar: Calendar, stamp: &[u8], turn: i32) -> String {
        let time = calendar.time(Stamp::traditional(stamp).unwrap(), turn).unwrap();
        DateTime::from_timestamp(time, 0).unwrap().to_string()
    }

    #[test]
    fn a_log_over_new_year_ends_in_the_newest_possible_year() {
        let source = source(b"Dec 30 10:00:00", (1, b"Jan  2 10:00:00"));
        let calendar = Calendar::of(&source, &clock("2026-11-22T00:00:00Z"));
        assert_eq!(utc(calendar, b"Dec 30 10:00:00", 0), "2025-12-30 09:00:00 UTC");
        assert_eq!(utc(calendar, b"Jan  2 10:00:00", 1), "2026-01-02 09:00:00 UTC");
    }

    #[test]
    fn nothing_lies_in_the_future() {
        let autumn = source(b"Nov  1 10:00:00", (0, b"Dec 24 10:00:00"));
        assert_eq!(utc(Calendar::of(&autumn, &clock("2026-11-22T00:00:00Z")), b"Dec 24 10:00:00", 0), "2025-12-24 09:00:00 UTC");
        let old = SourceSummary { modified: Some(1_700_000_000), ..autumn };
        assert_eq!(utc(Calendar::of(&old, &clock("2026-11-22T00:00:00Z")), b"Nov  1 10:00:00", 0), "2022-11-01 09:00:00 UTC");
    }

    #[test]
    fn skipped_and_doubled_hours_are_read() {
        let calendar = Calendar::of(&source(b"Jan  1 00:00:00", (0, b"Oct 30 00:00:00")), &clock("2026-11-22T00:00:00Z"));
        assert_eq!(utc(calendar, b"Mar 29 02:30:00", 0), "2026-03-29 01:30:00 UTC");
        assert_eq!(utc(calendar, b"Oct 25 02:30:00", 0), "2026-10-25 00:30:00 UTC");
        assert_eq!(utc(calendar, b"Feb 29 12:00:00", 0), "2026-03-01 11:00:00 UTC");
    }

    #[test]
    fn a_given_year_wins() {
        let clock = Clock { until_year: Some(2019), ..clock("2026-11-22T00:00:00Z") };
        let calendar = Calendar::of(&source(b"Dec 30 10:00:00", (1, b"Jan  2 10:00:00")), &clock);
        assert_eq!((utc(calendar, b"Jan  2 10:00:00", 1).as_str(), calendar.year), ("2019-01-02 09:00:00 UTC", Basis::Given));
    }
}
