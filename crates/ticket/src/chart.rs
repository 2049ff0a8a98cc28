//! The timeline as SVG: the bars of the window's screen, with nothing but paths and text in it.

use std::fmt::Write as _;

use diagnosis::{Incident, Outcomes};

use crate::moment;

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 132.0;

/// The most bars that can still be told apart.
const MOST_BARS: i64 = 120;

/// The widths a bar may have, in hours.
const WIDTHS: [i64; 8] = [1, 2, 3, 6, 12, 24, 48, 168];

/// The bars of an incident.
pub(crate) struct Chart {
    bars: Vec<Outcomes>,
    /// The beginning of the first bar, in seconds since 1970.
    pub from: i64,
    /// The end of the last bar, in seconds since 1970.
    pub to: i64,
    hours: i64,
    started: Option<i64>,
}

impl Chart {
    /// The chart of an incident; nothing where no attempt has a time.
    pub(crate) fn of(incident: &Incident) -> Option<Chart> {
        let (first, last) = (incident.hours.first()?, incident.hours.last()?);
        let span = (last.start - first.start) / 3600 + 1;
        let hours = WIDTHS.into_iter().find(|width| span <= width * MOST_BARS).unwrap_or(span / MOST_BARS + 1);
        let count = usize::try_from((span + hours - 1) / hours).ok()?;
        let mut bars = vec![Outcomes::default(); count];
        for hour in &incident.hours {
            let place = usize::try_from((hour.start - first.start) / 3600 / hours).ok()?;
            if let Some(bar) = bars.get_mut(place) {
                bar.delivered += hour.outcomes.delivered;
                bar.deferred += hour.outcomes.deferred;
                bar.rejected += hour.outcomes.rejected;
            }
        }
        Some(Chart { bars, from: first.start, to: first.start + count as i64 * hours * 3600, hours, started: incident.first_refused })
    }

    /// The drawing. Refused is full, put off is half, accepted is an outline: it can be read without colours.
    pub(crate) fn svg(&self, started: &str, legend: [&str; 3]) -> String {
        let highest = self.bars.iter().map(Outcomes::attempts).max().unwrap_or_default().max(1) as f64;
        let step = WIDTH / self.bars.len().max(1) as f64;
        let wide = (step - 1.0).clamp(1.0, 22.0);
        let mut shapes = [String::new(), String::new(), String::new()];
        for (place, bar) in self.bars.iter().enumerate() {
            let x = place as f64 * step + (step - wide) / 2.0;
            let mut y = HEIGHT;
            for (count, shape) in [bar.rejected, bar.deferred, bar.delivered].into_iter().zip(&mut shapes) {
                if count > 0 {
                    let high = count as f64 / highest * HEIGHT;
                    y -= high;
                    let _ = write!(shape, "M{x:.2} {y:.2}h{wide:.2}v{high:.2}h-{wide:.2}z");
                }
            }
        }
        let mut svg =
            format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 -44 {WIDTH} {:.0}" font-family="Noto Sans" font-size="13">"#, HEIGHT + 70.0);
        for ((shape, style), (name, place)) in shapes.iter().zip(STYLES).zip(legend.into_iter().zip(0..)) {
            let x = place * 170;
            let _ = write!(svg, r#"<path d="M{x} -42h14v14h-14z" {style}/><text x="{}" y="-30">{}</text>"#, x + 20, escaped(name));
            if !shape.is_empty() {
                let _ = write!(svg, r#"<path d="{shape}" {style}/>"#);
            }
        }
        let _ = write!(svg, r##"<path d="M0 {HEIGHT}H{WIDTH}" stroke="#555" fill="none"/>"##);
        self.mark_start(&mut svg, step, started);
        self.ticks(&mut svg, step);
        svg + "</svg>"
    }

    fn mark_start(&self, svg: &mut String, step: f64, started: &str) {
        let Some(start) = self.started else { return };
        let x = (start - self.from) as f64 / 3600.0 / self.hours as f64 * step;
        let (anchor, at) = if x > WIDTH * 0.8 { ("end", x - 4.0) } else { ("start", x + 4.0) };
        let _ = write!(svg, r##"<path d="M{x:.2} -20V{HEIGHT}" stroke="#222" stroke-dasharray="5 3" fill="none"/>"##);
        let _ = write!(svg, r#"<text x="{at:.2}" y="-10" text-anchor="{anchor}">{}</text>"#, escaped(started));
    }

    fn ticks(&self, svg: &mut String, step: f64) {
        let every = self.bars.len().div_ceil(6).max(1);
        for place in (0..self.bars.len()).step_by(every) {
            let time = moment(self.from + place as i64 * self.hours * 3600);
            let label = time.get(5..16).unwrap_or_default();
            let _ = write!(svg, r#"<text x="{:.2}" y="{:.0}">{label}</text>"#, place as f64 * step, HEIGHT + 18.0);
        }
    }
}

/// Refused, put off, accepted.
const STYLES: [&str; 3] = [r##"fill="#a4262c""##, r##"fill="#e0a33e""##, r##"fill="#ffffff" stroke="#2f6f4f""##];

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use diagnosis::Hour;

    use super::*;

    fn hour(start: i64, rejected: u64) -> Hour {
        Hour { start, outcomes: Outcomes { delivered: 1, deferred: 2, rejected }, control: Outcomes::default() }
    }

    #[test]
    fn long_spans_get_wide_bars_and_nothing_is_lost() {
        let hours: Vec<Hour> = (0..1000).map(|at| hour(at * 3600, 3)).collect();
        let chart = Chart::of(&Incident { hours, ..Incident::default() }).unwrap();
        assert_eq!((chart.hours, chart.bars.len()), (12, 84));
        assert_eq!(chart.bars.iter().map(Outcomes::attempts).sum::<u64>(), 6000);
        assert!(Chart::of(&Incident::default()).is_none());
    }

    #[test]
    fn words_are_data() {
        let chart = Chart::of(&Incident { hours: vec![hour(0, 1)], first_refused: Some(60), ..Incident::default() }).unwrap();
        let svg = chart.svg("<script>", ["a & b", "", ""]);
        assert!(svg.contains("&lt;script&gt;") && svg.contains("a &amp; b") && !svg.contains("<script"));
    }
}
