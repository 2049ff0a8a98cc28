//! Stamps as they were written. A year or zone that is not there is not guessed here: `diagnosis` does that late,
//! so that a corrected zone or year needs no second reading.

use std::fmt;
use std::num::NonZeroU64;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};

/// A point in time as a log wrote it, to the second.
///
/// Every line has one, so it is a single number: from the highest bit down the year (0 where it was not written),
/// month, day, hour, minute, second, and the zone (0 where it was not written). Stamps compare as these do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(NonZeroU64);

/// A stamp taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fields {
    year: Option<u16>,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    /// Minutes east of UTC.
    offset: Option<i16>,
}

impl Fields {
    /// The stamp, if there can be such a time.
    fn stamp(self) -> Option<Stamp> {
        let possible = (1..=12).contains(&self.month) && (1..=31).contains(&self.day) && self.hour < 24 && self.minute < 60 && self.second < 61;
        if !possible {
            return None;
        }
        let year = self.year.map_or(0, |year| u64::from(year) + 1);
        let zone = self.offset.map_or(0, |minutes| (i32::from(minutes) + ZONE_ZERO) as u64);
        let date = year << 9 | u64::from(self.month) << 5 | u64::from(self.day);
        let time = u64::from(self.hour) << 12 | u64::from(self.minute) << 6 | u64::from(self.second);
        NonZeroU64::new(date << 29 | time << 12 | zone).map(Stamp)
    }
}

/// What stands for UTC in a stamp's zone, so that 24 hours west of it are still above 0.
const ZONE_ZERO: i32 = 1441;

impl Stamp {
    /// Reads the 15 bytes `Oct  3 09:14:07` (RFC 3164, section 4.1.2): neither year nor zone.
    pub fn traditional(text: &[u8]) -> Option<Stamp> {
        let [a, b, c, b' ', tens, ones, b' ', h1, h2, b':', m1, m2, b':', s1, s2] = *text else { return None };
        let tens = if tens == b' ' { b'0' } else { tens };
        let fields = Fields {
            year: None,
            month: month([a, b, c])?,
            day: pair(tens, ones)?,
            hour: pair(h1, h2)?,
            minute: pair(m1, m2)?,
            second: pair(s1, s2)?,
            offset: None,
        };
        fields.stamp()
    }

    /// Reads `2026-10-03T09:14:07.123456+02:00` (RFC 3339; the zone may be missing), and returns what follows.
    pub fn rfc3339(text: &[u8]) -> Option<(Stamp, &[u8])> {
        let (head, rest) = text.split_at_checked(19)?;
        let [y1, y2, y3, y4, b'-', mo1, mo2, b'-', d1, d2, b'T' | b't' | b' ', h1, h2, b':', m1, m2, b':', s1, s2] = *head else {
            return None;
        };
        let (offset, rest) = zone(fraction(rest));
        let fields = Fields {
            year: Some(u16::from(pair(y1, y2)?) * 100 + u16::from(pair(y3, y4)?)),
            month: pair(mo1, mo2)?,
            day: pair(d1, d2)?,
            hour: pair(h1, h2)?,
            minute: pair(m1, m2)?,
            second: pair(s1, s2)?,
            offset,
        };
        Some((fields.stamp()?, rest))
    }

    /// A journal's microseconds since 1970, which are UTC.
    pub fn from_epoch_micros(micros: i64) -> Option<Stamp> {
        let utc = DateTime::from_timestamp_micros(micros)?.naive_utc();
        let fields = Fields {
            year: u16::try_from(utc.year()).ok().filter(|year| *year < 10_000),
            month: utc.month() as u8,
            day: utc.day() as u8,
            hour: utc.hour() as u8,
            minute: utc.minute() as u8,
            second: utc.second() as u8,
            offset: Some(0),
        };
        fields.year.and_then(|_| fields.stamp())
    }

    /// The year, where it was written.
    pub fn year(self) -> Option<u16> {
        (self.bits(38, 14) as u16).checked_sub(1)
    }

    /// 1 to 12.
    pub fn month(self) -> u8 {
        self.bits(34, 4) as u8
    }

    /// Minutes east of UTC, where they were written.
    pub fn offset(self) -> Option<i16> {
        let zone = self.bits(0, 12) as i32;
        (zone != 0).then(|| (zone - ZONE_ZERO) as i16)
    }

    fn bits(self, from: u32, width: u32) -> u64 {
        self.0.get() >> from & ((1 << width) - 1)
    }

    fn fields(self) -> Fields {
        let byte = |from, width| self.bits(from, width) as u8;
        Fields { year: self.year(), month: self.month(), day: byte(29, 5), hour: byte(24, 5), minute: byte(18, 6), second: byte(12, 6), offset: self.offset() }
    }

    /// The first second of the stamp's quarter of an hour.
    pub fn quarter(self) -> Stamp {
        let fields = self.fields();
        Fields { minute: fields.minute / 15 * 15, second: 0, ..fields }.stamp().unwrap_or(self)
    }

    /// The stamp as written, on the calendar, in the year it states or in the one given.
    ///
    /// The 29th of February of a year that has none becomes the 1st of March.
    pub fn civil(self, year: i32) -> Option<NaiveDateTime> {
        let fields = self.fields();
        let year = fields.year.map_or(year, i32::from);
        let (month, day) = (u32::from(fields.month), u32::from(fields.day));
        let date = NaiveDate::from_ymd_opt(year, month, day).or_else(|| NaiveDate::from_ymd_opt(year, month + 1, 1))?;
        date.and_hms_opt(u32::from(fields.hour), u32::from(fields.minute), u32::from(fields.second).min(59))
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields().fmt(out)
    }
}

/// How often the year turned between the first and the last stamp without a year.
///
/// Sums of parts are sums of turns, in whatever order the parts were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turns {
    months: Option<(u8, u8)>,
    turns: i32,
}

impl Turns {
    /// Takes the next stamp's month, and returns the turns since the first stamp.
    pub fn pass(&mut self, month: u8) -> i32 {
        let (first, last) = self.months.unwrap_or((month, month));
        self.turns += turn(last, month);
        self.months = Some((first, month));
        self.turns
    }

    /// Appends what a later part saw, and returns the turns to add to each of that part's own.
    pub fn append(&mut self, later: Turns) -> i32 {
        let Some((next, last)) = later.months else { return self.turns };
        let before = self.pass(next);
        self.turns += later.turns;
        self.months = self.months.map(|(first, _)| (first, last));
        before
    }
}

/// A month that falls back by seven or more is a new year; one that leaps as far is a straggler of the old one.
fn turn(last: u8, next: u8) -> i32 {
    match i32::from(next) - i32::from(last) {
        ..=-7 => 1,
        7.. => -1,
        _ => 0,
    }
}

/// The number of a month's name.
pub(crate) fn month(name: [u8; 3]) -> Option<u8> {
    let number = match &name {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    };
    Some(number)
}

fn pair(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

/// Skips a fraction of a second.
#[inline]
pub(crate) fn fraction(text: &[u8]) -> &[u8] {
    let Some(digits) = text.strip_prefix(b".").or_else(|| text.strip_prefix(b",")) else { return text };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(end..).unwrap_or_default()
}

/// Reads `Z`, `+02:00` or `+0200`, in minutes.
fn zone(text: &[u8]) -> (Option<i16>, &[u8]) {
    match text {
        [b'Z' | b'z', rest @ ..] => (Some(0), rest),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2, rest @ ..] | [sign @ (b'+' | b'-'), h1, h2, m1, m2, rest @ ..] => match (pair(*h1, *h2), pair(*m1, *m2)) {
            (Some(hours @ 0..24), Some(minutes @ 0..60)) => {
                let east = i16::from(hours) * 60 + i16::from(minutes);
                (Some(if *sign == b'-' { -east } else { east }), rest)
            }
            _ => (None, text),
        },
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_of_all_kinds_are_read() {
        let old = Stamp::traditional(b"Oct  3 09:14:07").unwrap().fields();
        assert_eq!((old.year, old.month, old.day, old.hour, old.offset), (None, 10, 3, 9, None));
        let (new, rest) = Stamp::rfc3339(b"2026-10-03T09:14:07.473746-02:30 mail").unwrap();
        assert_eq!((new.year(), new.fields().minute, new.offset(), rest), (Some(2026), 14, Some(-150), &b" mail"[..]));
        assert_eq!(Stamp::rfc3339(b"2026-10-03T09:14:07Z").unwrap().0.offset(), Some(0));
        assert_eq!(Stamp::rfc3339(b"2026-10-03 09:14:07 x").unwrap().0.offset(), None);
        assert_eq!(Stamp::from_epoch_micros(1_789_228_152_650_438).unwrap().year(), Some(2026));
    }

    #[test]
    fn a_stamp_is_one_number_and_keeps_its_fields_and_their_order() {
        let read = |text: &[u8]| Stamp::rfc3339(text).unwrap().0;
        for text in [&b"0000-01-01T00:00:00Z"[..], b"9999-12-31T23:59:60+23:59", b"2026-10-03T09:14:07-23:59", b"2026-10-03T09:14:07"] {
            assert_eq!(read(text).fields().stamp(), Some(read(text)), "{:?}", read(text));
        }
        assert_eq!(read(b"2026-10-03T09:14:07-23:59").offset(), Some(-1439));
        assert_eq!(read(b"2026-10-03T09:59:59+01:00").quarter(), read(b"2026-10-03T09:45:00+01:00"));
        let yearless = Stamp::traditional(b"Dec 31 23:59:59").unwrap();
        let ordered =
            [yearless, read(b"2025-12-31T23:59:59Z"), read(b"2026-01-01T00:00:00"), read(b"2026-01-01T00:00:00-01:00"), read(b"2026-01-01T00:00:00Z")];
        assert!(ordered.is_sorted());
        assert_eq!(size_of::<Option<Stamp>>(), 8);
    }

    #[test]
    fn impossible_stamps_are_not_read() {
        for text in [&b"Oct 33 09:14:07"[..], b"oct  3 09:14:07", b"Oct  3 24:14:07", b"Oct  3 09:14", b""] {
            assert_eq!(Stamp::traditional(text), None);
        }
        assert_eq!(Stamp::rfc3339(b"2026-13-03T09:14:07Z"), None);
        assert_eq!(Stamp::from_epoch_micros(i64::MAX), None);
    }

    #[test]
    fn turns_add_up_however_the_months_are_cut() {
        let months = [11, 12, 12, 1, 12, 1, 2, 6, 12, 1];
        let mut whole = Turns::default();
        let expected: Vec<i32> = months.iter().map(|month| whole.pass(*month)).collect();
        assert_eq!(expected, [0, 0, 0, 1, 0, 1, 1, 1, 1, 2]);
        for cut in 0..=months.len() {
            let (mut sum, mut got) = (Turns::default(), Vec::new());
            for part in [&months[..cut], &months[cut..]] {
                let mut turns = Turns::default();
                let own: Vec<i32> = part.iter().map(|month| turns.pass(*month)).collect();
                let before = sum.append(turns);
                got.extend(own.iter().map(|turn| turn + before));
            }
            assert_eq!((got, sum), (expected.clone(), whole), "cut at {cut}");
        }
    }
}
